"""Shadows that what is built throws on the ground, on its own field and into its basin."""

import numpy as np

from integrations.engine.rasters import Floats, floats
from integrations.engine.shapes import Shape
from integrations.engine.sun import Sun

STEPS = (0.35, 0.7, 1.0)  # shares of the way to the edge of the shadow
PENUMBRA = 0.012  # metres


def thrown_outside(
    shape: Shape, toward: tuple[float, float], sun: Sun, top: float, s: Floats, t: Floats
) -> Floats:
    """Light left on ground points beside a thing of the height `top` (metres), (n,), 1 in the sun.

    toward: unit direction to the sun in plan coordinates. A point lies in shadow if the way to the
    sun crosses the thing before it has risen above it.
    """
    reach = top / sun.height
    deepest = np.full(s.shape, -np.inf, np.float32)
    for step in STEPS:
        away = step * reach
        inside = shape.inside(floats(s + away * toward[0]), floats(t + away * toward[1]))
        deepest = np.maximum(deepest, inside)
    return _left(sun, deepest)


def thrown_inside(
    shape: Shape,
    toward: tuple[float, float],
    sun: Sun,
    drop: float,
    edging: float,
    s: Floats,
    t: Floats,
) -> Floats:
    """Light left on points of a field that lies `drop` metres below its edging, (n,)."""
    away = drop / sun.height
    inside = shape.inside(floats(s + away * toward[0]), floats(t + away * toward[1]))
    return _left(sun, floats(edging - inside))


def _left(sun: Sun, deepness: Floats) -> Floats:
    """Light left at `deepness` metres within the edge of a shadow."""
    covered = np.clip(deepness / (2 * PENUMBRA) + 0.5, 0, 1)
    return floats(1 - covered * (1 - sun.shade))
