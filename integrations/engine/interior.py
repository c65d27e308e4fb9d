"""What of a strip lies away from the edging: the field's inner part, and open ground.

A few rays tell where that is, for the distance to the outline changes no faster than the way
walked. In between no ray needs to look for what it meets.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.rasters import Bools, Bytes, Floats, enlarged, hypotenuse
from integrations.engine.raycasting import Hits, Part, footprint_of
from integrations.engine.strip import Density, Strip

CELL = 4  # pixels between the rays that look for it
AWAY = 0.12  # metres from the edging: its shadow on the ground ends before
SLACK = 2.0 * CELL  # footprints of a ray, for what lies between two of them
UNCLEAR = 255


@dataclass(frozen=True)
class Interior:
    """Rasters of cells, `CELL` pixels wide."""

    size: tuple[int, int]  # of the strip, pixels
    part: Bytes  # FIELD or GROUND where nothing else is near; else UNCLEAR
    inside: Floats  # metres to the outline
    footprint: Floats  # metres a ray covers

    def pixels(self, part: Part) -> Bools:
        """Where all around is of this part; (rows, columns)."""
        same = np.asarray(self.part == part, np.uint8)
        core = np.asarray(cv2.erode(same, np.ones((3, 3), np.uint8)), np.uint8)
        return np.asarray(enlarged(core, (CELL, CELL), self.size, cv2.INTER_NEAREST) > 0)


def find_interior(strip: Strip, wanted: Bools, density: Density) -> Interior:
    """wanted: (rows, columns), the pixels that are asked for; density: of their rays."""
    rows, columns = (-(-side // CELL) for side in wanted.shape)
    around = cv2.dilate(wanted.astype(np.uint8), np.ones((2 * CELL + 1,) * 2, np.uint8))
    asked = cv2.resize(around, (columns, rows), interpolation=cv2.INTER_NEAREST)
    places = np.flatnonzero(asked)
    hits = strip.hits(places, Density(1, 1), CELL)
    rays = 1 if strip.scene.smooth else density.per_row
    part = np.full((rows, columns), UNCLEAR, np.uint8)
    inside, footprint = np.zeros((2, rows, columns), np.float32)
    part.ravel()[places] = _clear_part(strip, hits)
    inside.ravel()[places] = hits.inside
    footprint.ravel()[places] = footprint_of(strip.scene.shape, hits.part, hits.s, hits.t, rays, 1)
    return Interior(strip.size, part, inside, footprint)


def _clear_part(strip: Strip, hits: Hits) -> Bytes:
    """The part of each hit that has nothing else as near as the next ray."""
    slack = SLACK * hits.footprint
    deep = hits.inside > strip.scene.section.edging + AWAY + slack
    clear = (hits.part == Part.FIELD) & deep
    clear |= (hits.part == Part.GROUND) & (hits.inside < -AWAY - slack)
    for detail in strip.scene.details:
        clear &= hypotenuse(hits.s - detail.s, hits.t - detail.t) > detail.reach + slack
    return np.where(clear, hits.part, UNCLEAR).astype(np.uint8)
