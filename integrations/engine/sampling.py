"""What each pixel of a strip shows: a few rays where a surface is plain, many where things meet.

A texture is filtered to the size of a ray's spot already, so that more rays than the ground's
foreshortening asks for would show the same. Edges, blades of grass and the scene's details have
nothing to filter them but rays.
"""

import cv2
import numpy as np

from integrations.engine.filling import fill
from integrations.engine.interior import find_interior
from integrations.engine.rasters import Bools, Bytes, Floats, Indices, floats, hypotenuse
from integrations.engine.raycasting import Hits, Part
from integrations.engine.scene import TALLEST_BLADE, Scene
from integrations.engine.strip import LAYERS, Density, Strip

GROUND = floats([0, 0, 0, 1])
EDGE = 3  # pixels around: what meets within them is an edge
FORESHORTENING = 3.0  # that one ray a pixel bears
RAY_BUDGET = 3_000_000
NO_PART = 255


def layers_of(scene: Scene, rows: range, columns: range, wanted: Bools) -> Floats:
    """Light and what shows through, (rows, columns, 4): open ground where nothing is wanted.

    wanted: (rows, columns), the pixels that are asked for.
    """
    strip = Strip(scene, rows, columns)
    layers = np.empty((*strip.size, LAYERS), np.float32)
    layers[:] = GROUND
    plain, detailed = densities(scene, rows)
    interior = find_interior(strip, wanted, plain)
    part = np.full(strip.size, NO_PART, np.uint8)
    part[interior.pixels(Part.GROUND)] = Part.GROUND
    field = fill(strip, interior, wanted, plain, layers[:, :, :3])
    part[field] = Part.FIELD
    layers[field, 3] = 0
    unclear = np.flatnonzero(wanted & (part == NO_PART))
    if unclear.size:
        _look_closely(strip, unclear, (plain, detailed), part, layers.reshape(-1, LAYERS))
    return layers


def _look_closely(
    strip: Strip, places: Indices, density: tuple[Density, Density], part: Bytes, layers: Floats
) -> None:
    """Write the parts and the layers of pixels near the edging."""
    hits = strip.hits(places, density[0])
    layers[places] = strip.layers(hits, places)
    part.ravel()[places] = hits.part[: places.size]
    meeting = _meeting(part).ravel()[places]
    fine = places[meeting | _fine(strip.scene, hits, places.size)]
    if fine.size:
        layers[fine] = strip.layers(strip.hits(fine, density[1]), fine)


def densities(scene: Scene, rows: range) -> tuple[Density, Density]:
    """Of plain surfaces in a strip, and of its details: as many as the zone's size allows."""
    camera, pixels = scene.site.plan.camera, int(np.count_nonzero(scene.site.zone))
    below = max((rows.start + rows.stop) / 2 - camera.horizon_row, 1.0)
    down = int(np.clip(np.ceil(np.hypot(camera.focal, below) / below / FORESHORTENING), 1, 3))
    plain = Density(max(1, min(down, RAY_BUDGET // (2 * pixels + 1))), 1)
    return plain, Density(2, 2)


def _fine(scene: Scene, hits: Hits, pixels: int) -> Bools:
    """Which pixels need more rays for what is in them."""
    part = hits.part.reshape(-1, pixels)
    fine = (part != part[0]).any(axis=0)
    if scene.site.light.green:  # blades of grass stand before the foot of its faces
        foot = hits.drop > scene.section.top - TALLEST_BLADE - hits.footprint
        fine |= ((hits.part == Part.FACE) & foot).reshape(-1, pixels).any(axis=0)
    for detail in scene.details:
        away = hypotenuse(hits.s - detail.s, hits.t - detail.t)
        fine |= (away < detail.reach).reshape(-1, pixels).any(axis=0)
    return np.asarray(fine)


def _meeting(part: Bytes) -> Bools:
    """Pixels that have another part beside them."""
    around, seen = np.ones((EDGE, EDGE), np.uint8), part != NO_PART
    highest = cv2.dilate(np.asarray(part * seen, np.uint8), around)
    return np.asarray(seen & (highest != cv2.erode(part, around)))
