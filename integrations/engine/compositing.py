"""Render a scene strip by strip and lay it into the photo, inside the zone only."""

from collections.abc import Iterator

import cv2
import numpy as np

from integrations.engine.colour import encoded, linear, shouldered
from integrations.engine.rasters import Bytes, Floats, blurred, floats
from integrations.engine.raycasting import cast, rays_through
from integrations.engine.scene import Scene
from integrations.engine.sensor import Sensor

STRIP_PIXELS = 48_000
OVERLAP = 4  # rows rendered above and below a strip, so that its blur has no seam
FEATHER = 1.5  # pixels, inwards
RAY_BUDGET = 3_000_000


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
        light, cover = _strip(scene, sensor, rows, columns)
        drawn = encoded(light) + sensor.grain_for(light, rng) * cover
        before = floats(photo[block])
        mixed = before + (drawn - before) * alpha[:, :, None]
        changed = alpha > 0
        picture[block][changed] = np.clip(mixed[changed] + 0.5, 0, 255).astype(np.uint8)
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


def _strip(scene: Scene, sensor: Sensor, rows: range, columns: range) -> tuple[Floats, Floats]:
    """Linear light of one strip, the photo showing through where nothing is built; and its cover.

    Shapes (rows, columns, 3) and (rows, columns, 1).
    """
    photo, light = scene.site.photo, scene.site.light
    first, last = max(rows.start - OVERLAP, 0), min(rows.stop + OVERLAP, photo.shape[0])
    wide = range(first, last)
    layers = _layers(scene, wide, columns)
    layers = blurred(layers, sensor.blur)[rows.start - first : rows.stop - first]
    albedo, mirror, cover, shade = np.split(layers, [3, 6, 7], axis=2)
    height, width = photo.shape[:2]
    behind = linear(photo[rows.start : rows.stop, columns.start : columns.stop])
    lit = albedo * light.exposure * light.over(rows, columns, height, width)
    return floats(shouldered(lit + mirror) + behind * (1 - cover) * shade), cover


def _layers(scene: Scene, rows: range, columns: range) -> Floats:
    """Albedo, mirror, cover and shade of each pixel, (rows, columns, 8), averaged over its rays."""
    per_row, per_column = _density(scene)
    rays = rays_through(rows, columns, per_row, per_column)
    hits = cast(scene.shape, scene.section, rays)
    light = scene.radiance(hits)
    values = np.concatenate([light.albedo, light.mirror, light.cover, light.shade], axis=1)
    grid = values.reshape(len(rows), per_row, len(columns), per_column, values.shape[1])
    return floats(grid.mean(axis=(1, 3)))


def _density(scene: Scene) -> tuple[int, int]:
    """Rays a pixel, down and across: as many as the zone's size allows."""
    pixels = max(1, int(np.count_nonzero(scene.site.zone)))
    for per_row, per_column in ((3, 2), (2, 2), (2, 1)):
        if pixels * per_row * per_column <= RAY_BUDGET:
            return per_row, per_column
    return 1, 1
