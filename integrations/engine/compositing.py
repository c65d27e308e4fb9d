"""Render a scene strip by strip and lay it into the photo, inside the zone only."""

from collections.abc import Iterator

import cv2
import numpy as np

from integrations.engine.colour import encoded, linear, shouldered
from integrations.engine.matte import matte_of
from integrations.engine.rasters import Bools, Bytes, Floats, blurred, floats
from integrations.engine.sampling import layers_of
from integrations.engine.scene import Scene
from integrations.engine.sensor import Sensor

STRIP_PIXELS = 240_000
OVERLAP = 4  # rows rendered above and below a strip, so that its blur has no seam
FEATHER = 1.5  # pixels, inwards


def composite(scene: Scene, sensor: Sensor) -> Bytes:
    """The photo with the scene in it; every pixel outside the zone is the photo's own."""
    photo, zone = scene.site.photo, scene.site.zone
    left, top, width, height = cv2.boundingRect(zone)
    columns = range(left, left + width)
    feather = _feather(zone, left, top, width, height)
    picture = photo.copy()
    rng = scene.site.rng("grain")
    for rows in _strips(top, height, width):
        block = np.s_[rows.start : rows.stop, left : left + width]
        alpha = feather[rows.start - top : rows.stop - top]
        light, through = _strip(scene, sensor, rows, columns)
        drawn = encoded(light) + sensor.grain_for(light, rng) * (1 - through)
        mixed = cv2.blendLinear(floats(photo[block]), drawn, 1 - alpha, alpha) + 0.5
        mixed = np.clip(mixed, 0, 255, out=mixed).astype(np.uint8)
        np.copyto(picture[block], mixed, where=(alpha > 0)[:, :, None])
    if scene.site.standing is not None:
        matte_of(photo, scene.site.standing).laid_over(picture, photo, zone)
    return picture


def _feather(zone: Bytes, left: int, top: int, width: int, height: int) -> Floats:
    """0 outside the zone, rising to 1 within `FEATHER` pixels; full at the picture's border."""
    first_row, first_column = max(top - 1, 0), max(left - 1, 0)
    around = zone[first_row : top + height + 1, first_column : left + width + 1]
    distance = cv2.distanceTransform(around, cv2.DIST_L2, 3)
    part = distance[top - first_row :, left - first_column :][:height, :width]
    return floats(np.clip(part / FEATHER, 0, 1))


def _strips(top: int, height: int, width: int) -> Iterator[range]:
    rows = max(8, STRIP_PIXELS // width)
    for start in range(top, top + height, rows):
        yield range(start, min(start + rows, top + height))


def _near(zone: Bytes, rows: range, columns: range) -> Bools:
    """What of a block is in the zone or so near that its blur reaches into it."""
    block = zone[rows.start : rows.stop, columns.start : columns.stop]
    return np.asarray(cv2.dilate(block, np.ones((2 * OVERLAP + 1,) * 2, np.uint8)) > 0)


def _strip(scene: Scene, sensor: Sensor, rows: range, columns: range) -> tuple[Floats, Floats]:
    """Linear light of one strip, and how much of it is the photo's, which shows through.

    Shapes (rows, columns, 3) and (rows, columns, 1).
    """
    photo = scene.site.photo
    first, last = max(rows.start - OVERLAP, 0), min(rows.stop + OVERLAP, photo.shape[0])
    wide = range(first, last)
    layers = layers_of(scene, wide, columns, _near(scene.site.zone, wide, columns))
    layers = blurred(layers, sensor.blur)[rows.start - first : rows.stop - first]
    light, through = layers[:, :, :3], layers[:, :, 3:]
    behind = linear(photo[rows.start : rows.stop, columns.start : columns.stop])
    return floats(shouldered(light) + behind * through), through
