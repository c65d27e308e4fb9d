"""Outlines that touch the picture's frame, continued beyond it: what is built goes on out there."""

import numpy as np

from integrations.engine.rasters import Bools, Floats, floats

FRAME = 1.5  # pixels: a corner so near the frame lies on it


def continued(polygon: Floats, shape: tuple[int, ...], reach: float) -> Floats:
    """The polygon (n, 2) of (u, v) with its corners on the frame moved out along their sides.

    shape: (rows, columns) of the picture; reach: pixels.
    """
    on_frame = _frames(polygon, shape)
    before, after = np.roll(polygon, 1, axis=0), np.roll(polygon, -1, axis=0)
    comes_along = _any_side(on_frame & np.roll(on_frame, 1, axis=0))
    goes_along = _any_side(on_frame & np.roll(on_frame, -1, axis=0))
    moved = polygon.copy()
    for index in np.flatnonzero(on_frame.any(axis=1)):
        corner = polygon[index]
        if comes_along[index] and goes_along[index]:
            moved[index] += reach * _outwards(on_frame[index])
        elif goes_along[index]:
            moved[index] += reach * _unit(corner - before[index])
        elif comes_along[index]:
            moved[index] += reach * _unit(corner - after[index])
    return moved


def _frames(polygon: Floats, shape: tuple[int, ...]) -> Bools:
    """On which of the frame's sides each corner lies: left, right, top, bottom; (n, 4)."""
    u, v = polygon[:, 0], polygon[:, 1]
    bottom, right = shape[0] - 1 - FRAME, shape[1] - 1 - FRAME
    return np.stack([u <= FRAME, u >= right, v <= FRAME, v >= bottom], axis=1)


def _any_side(sides: Bools) -> Bools:
    return np.asarray(sides.any(axis=1))


def _outwards(sides: Bools) -> Floats:
    left, right, top, bottom = sides.astype(np.float32)
    return floats([right - left, bottom - top])


def _unit(vector: Floats) -> Floats:
    return floats(vector / max(float(np.hypot(*vector)), 1e-6))
