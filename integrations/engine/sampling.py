"""What each pixel of a strip shows: a few rays where a surface is plain, many where things meet.

A texture is filtered to the size of a ray's spot already, so that more rays than the ground's
foreshortening asks for would show the same. Edges, blades of grass and the scene's details have
nothing to filter them but rays.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.rasters import Bools, Bytes, Floats, Indices, floats, hypotenuse
from integrations.engine.raycasting import Hits, Part, Rays, cast
from integrations.engine.scene import Scene

LAYERS = 8  # albedo, mirror, cover, shade
GROUND = floats([0, 0, 0, 0, 0, 0, 0, 1])
EDGE = 3  # pixels around: what meets within them is an edge
FORESHORTENING = 2.5  # that one ray a pixel bears
RAY_BUDGET = 3_000_000
NO_PART = 255


@dataclass(frozen=True)
class Density:
    """Rays a pixel, down and across."""

    per_row: int
    per_column: int


def layers_of(scene: Scene, rows: range, columns: range, wanted: Bools) -> Floats:
    """Albedo, mirror, cover and shade, (rows, columns, 8): open ground where nothing is wanted.

    wanted: (rows, columns), the pixels that are asked for.
    """
    layers = np.empty((len(rows), len(columns), LAYERS), np.float32)
    layers[:] = GROUND
    places = np.flatnonzero(wanted)
    if not places.size:
        return layers
    flat = layers.reshape(-1, LAYERS)
    plain, detailed = densities(scene, rows)
    part = np.full(wanted.size, NO_PART, np.uint8)
    if scene.smooth and plain == Density(1, 1):
        wanted = wanted & ~_smoothed(scene, rows, columns, wanted, layers, part)
        places = np.flatnonzero(wanted)
    if not places.size:
        return layers
    hits = _hits(scene, rows, columns, places, plain)
    flat[places] = _averaged(scene, hits, places.size)
    part[places] = hits.part[: places.size]
    meeting = _meeting(part.reshape(wanted.shape)).ravel()[places]
    fine = places[meeting | _fine(scene, hits, places.size)]
    if fine.size:
        flat[fine] = _averaged(scene, _hits(scene, rows, columns, fine, detailed), fine.size)
    return layers


def _smoothed(
    scene: Scene, rows: range, columns: range, wanted: Bools, layers: Floats, part: Bytes
) -> Bools:
    """Fill in the inner pixels of a field without texture from rays two pixels apart.

    layers and part are written; returns which pixels are done.
    """
    height, width = wanted.shape
    size = -(-height // 2), -(-width // 2)
    coarse = cv2.resize(wanted.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST)
    places = np.flatnonzero(coarse)
    hits = _hits(scene, rows, columns, places, Density(1, 1), spacing=2)
    small = np.full((*size, LAYERS), GROUND, np.float32)
    small.reshape(-1, LAYERS)[places] = _averaged(scene, hits, places.size)
    seen = np.zeros(size, np.uint8)
    seen.ravel()[places] = hits.part == Part.FIELD
    seen = cv2.erode(seen, np.ones((EDGE, EDGE), np.uint8))
    done = np.asarray((np.kron(seen, np.ones((2, 2), np.uint8))[:height, :width] > 0) & wanted)
    large = cv2.resize(small, (2 * size[1], 2 * size[0]), interpolation=cv2.INTER_LINEAR)
    layers[done] = large[:height, :width][done]
    part.reshape(wanted.shape)[done] = Part.FIELD
    return done


def densities(scene: Scene, rows: range) -> tuple[Density, Density]:
    """Of plain surfaces in a strip, and of its details: as many as the zone's size allows."""
    camera, pixels = scene.site.plan.camera, int(np.count_nonzero(scene.site.zone))
    below = max((rows.start + rows.stop) / 2 - camera.horizon_row, 1.0)
    down = int(np.clip(np.ceil(np.hypot(camera.focal, below) / below / FORESHORTENING), 1, 3))
    plain = Density(max(1, min(down, RAY_BUDGET // (2 * pixels + 1))), 1)
    return plain, Density(3, 2) if 6 * pixels < RAY_BUDGET else Density(2, 2)


def _hits(
    scene: Scene,
    rows: range,
    columns: range,
    places: Indices,
    density: Density,
    spacing: int = 1,
) -> Hits:
    """Of all first rays, then of all second rays, and so on.

    places: in a raster whose cells are `spacing` pixels wide.
    """
    row, column = np.divmod(places, -(-len(columns) // spacing))
    row, column = spacing * row, spacing * column
    first = spacing / 2 - 1
    down = (np.arange(density.per_row) + 0.5) / density.per_row + first + rows.start
    across = (np.arange(density.per_column) + 0.5) / density.per_column + first + columns.start
    spots = [(v, u) for v in down for u in across]
    v = floats([floats(row) + spot for spot, _ in spots]).ravel()
    u = floats([floats(column) + spot for _, spot in spots]).ravel()
    return cast(scene.shape, scene.section, Rays(u, v, density.per_column, density.per_row))


def _averaged(scene: Scene, hits: Hits, pixels: int) -> Floats:
    """(pixels, 8)"""
    light = scene.radiance(hits)
    parts = (light.albedo, light.mirror, light.cover, light.shade)
    layers = np.concatenate(parts, axis=1).reshape(-1, pixels, LAYERS)
    return layers[0] if len(layers) == 1 else floats(layers.mean(axis=0))


def _fine(scene: Scene, hits: Hits, pixels: int) -> Bools:
    """Which pixels need more rays for what is in them."""
    part = hits.part.reshape(-1, pixels)
    fine = (part != part[0]).any(axis=0)
    if scene.site.light.green:  # blades of grass stand before its faces
        fine |= part[0] == Part.FACE
    for detail in scene.details:
        away = hypotenuse(hits.s - detail.s, hits.t - detail.t)
        fine |= (away < detail.reach).reshape(-1, pixels).any(axis=0)
    return np.asarray(fine)


def _meeting(part: Bytes) -> Bools:
    """Pixels that have another part beside them."""
    around, seen = np.ones((EDGE, EDGE), np.uint8), part != NO_PART
    highest = cv2.dilate(np.asarray(part * seen, np.uint8), around)
    return np.asarray(seen & (highest != cv2.erode(part, around)))
