"""What is built: a shape, its section, its edging and its field; and the light it sends back."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from integrations.engine.edging import Edging
from integrations.engine.rasters import Floats, Indices, floats
from integrations.engine.raycasting import Hits, Part, Section, Spots
from integrations.engine.shadows import thrown_outside
from integrations.engine.shapes import Shape
from integrations.engine.site import Site

CONTACT = 0.07  # metres of ground kept around the thing for its contact shadow
BLADE, CLUMPS = 0.022, (0.3, 1.3)  # metres: how far grass stands up before a face; times this
TALLEST_BLADE = BLADE * CLUMPS[1]


class Field(Protocol):
    """The surface that the edging surrounds."""

    def light(self, at: Spots) -> tuple[Floats, Floats | None]:
        """Albedo, and mirrored radiance if any, at places; both (n, 3) linear RGB."""
        ...


@dataclass(frozen=True)
class Radiance:
    """One entry a ray; linear RGB."""

    albedo: Floats  # (n, 3), to be lit by the zone's light; 0 where nothing is built
    mirror: Floats | None  # (n, 3), reflected light, not dimmed by the zone's shadows
    through: Floats  # (n,), factor on the photo's own light: 0 where something is built


@dataclass(frozen=True)
class Detail:
    """A place on the plan, metres, within whose reach more is drawn than a texture."""

    s: float
    t: float
    reach: float


@dataclass(frozen=True)
class Scene:
    site: Site
    style: str
    shape: Shape
    section: Section
    edging: Edging
    field: Field
    details: tuple[Detail, ...] = ()
    smooth: bool = False  # the field has no texture finer than some pixels

    def radiance(self, hits: Hits) -> Radiance:
        albedo = np.zeros((hits.part.size, 3), np.float32)
        through = np.zeros(hits.part.size, np.float32)
        sides = hits.where(Part.FACE, Part.TOP, Part.INNER)
        albedo[sides] = self.edging.albedo(hits)
        field = hits.where(Part.FIELD)
        albedo[field], mirrored = self.field.light(hits.spots(field))
        behind, open_ground = self._behind_grass(hits), hits.where(Part.GROUND)
        albedo[behind], through[behind] = 0, 1
        through[open_ground] = self._shadow_on_ground(hits, open_ground)
        return Radiance(albedo, _spread(mirrored, field, albedo), through)

    def _behind_grass(self, hits: Hits) -> Indices:
        """The hits behind blades of the photo's own grass, before the foot of a face."""
        face = hits.where(Part.FACE)
        if not self.site.light.green or not face.size:
            return face[:0]
        heights = self.site.rng("blades").beta(1.2, 3.0, 4096).astype(np.float32)
        clump = np.repeat(self.site.rng("clumps").uniform(*CLUMPS, 512), 8).astype(np.float32)
        column = np.floor(hits.rays.u[face] * 1.4).astype(np.int64) % 4096
        blade = BLADE * heights[column] * clump[column]
        return np.asarray(face[self.section.top - hits.drop[face] < blade])

    def _shadow_on_ground(self, hits: Hits, ground: Indices) -> Floats:
        """Light left beside the thing: it hides part of the sky at its foot, and the sun behind."""
        s, t, away = hits.s[ground], hits.t[ground], np.clip(-hits.inside[ground], 0, None)
        fade = np.clip(1 - away / CONTACT, 0, 1)
        left = floats(1 - 0.65 * fade * np.exp(-away / 0.04))
        sun, top = self.site.light.sun, self.section.top
        near = np.flatnonzero(away < top / sun.height + 0.02)
        if near.size and sun.strength > 0:
            left[near] *= thrown_outside(self.shape, self.site.sun, sun, top, s[near], t[near])
        return left


def _spread(mirrored: Floats | None, field: Indices, albedo: Floats) -> Floats | None:
    """What the field mirrors, as one of all hits: 0 beside it."""
    if mirrored is None or len(mirrored) == len(albedo):
        return mirrored
    mirror = np.zeros_like(albedo)
    mirror[field] = mirrored
    return mirror
