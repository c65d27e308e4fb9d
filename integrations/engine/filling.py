"""The inner pixels of a field, which show its surface and nothing else.

A texture is read at each ray. What has none, as water, is traced at every second pixel: it is
smooth in between.
"""

import cv2
import numpy as np

from integrations.engine.camera import grid_through
from integrations.engine.interior import CELL, Interior
from integrations.engine.rasters import Bools, Bytes, Floats, Indices, enlarged, floats
from integrations.engine.raycasting import Part, Spots
from integrations.engine.strip import Density, Strip

SPARSE = 2  # pixels between the rays into a surface without texture


def fill(strip: Strip, interior: Interior, wanted: Bools, density: Density, out: Floats) -> Bools:
    """Write the light of a field's inner pixels, (rows, columns, 3); tell which they are."""
    done = interior.pixels(Part.FIELD) & wanted
    if done.any():
        draw = _smooth if strip.scene.smooth else _textured
        np.copyto(out, draw(strip, interior, done, density), where=done[:, :, None])
    return done


def _textured(strip: Strip, interior: Interior, done: Bools, density: Density) -> Floats:
    places, rays = np.flatnonzero(done), density.per_row
    albedo = np.zeros((places.size, 3), np.float32)
    for ray in range(rays):
        spots = _spots(strip, interior, places, (1, 1), (ray + 0.5) / rays - 0.5)
        albedo += strip.scene.field.light(spots)[0]
    light = np.empty((*done.shape, 3), np.float32)
    light.reshape(-1, 3)[places] = albedo * (strip.light_on(places) / rays)
    return light


def _smooth(strip: Strip, interior: Interior, done: Bools, density: Density) -> Floats:
    step = (SPARSE if density.per_row == 1 else 1, SPARSE)
    rows, columns = (-(-side // by) for side, by in zip(done.shape, step, strict=True))
    cells = (interior.part == Part.FIELD).astype(np.uint8)
    places = np.flatnonzero(_of_cells(cells, step, (rows, columns), cv2.INTER_NEAREST))
    albedo, mirror = strip.scene.field.light(_spots(strip, interior, places, step))
    row, column = np.divmod(places, columns)
    lit = strip.light_on(step[0] * row * done.shape[1] + step[1] * column)
    light = np.zeros((rows, columns, 3), np.float32)
    light.reshape(-1, 3)[places] = albedo * lit + (0 if mirror is None else mirror)
    return enlarged(light, step, done.shape)


def _spots(
    strip: Strip, interior: Interior, places: Indices, step: tuple[int, int], lower: float = 0.0
) -> Spots:
    """Where rays meet the field, `step` pixels apart down and across, moved down by `lower`.

    places: in the raster of all such rays.
    """
    shape, section = strip.scene.shape, strip.scene.section
    v, u = (
        np.arange(side.start + (by - 1) / 2, side.stop + (by - 1) / 2, by)
        for side, by in zip((strip.rows, strip.columns), step, strict=True)
    )
    s, t = grid_through(shape.plan.from_pixel(section.floor), floats(u), floats(v + lower))
    size = (v.size, u.size)
    inside, footprint = (
        _of_cells(raster, step, size, cv2.INTER_LINEAR)
        for raster in (interior.inside, interior.footprint)
    )
    return Spots(*(raster.ravel()[places] for raster in (s, t, inside, footprint)))


def _of_cells(
    raster: Floats | Bytes, step: tuple[int, int], size: tuple[int, int], method: int
) -> Floats:
    return enlarged(raster, (CELL // step[0], CELL // step[1]), size, method)
