"""What is built: a shape, its section, its edging and its field; and the light it sends back."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from integrations.engine.edging import Edging
from integrations.engine.rasters import Floats, Indices, floats
from integrations.engine.raycasting import Hits, Part, Section
from integrations.engine.shadows import thrown_outside
from integrations.engine.shapes import Shape
from integrations.engine.site import Site

CONTACT = 0.07  # metres of ground kept around the thing for its contact shadow
BLADE = 0.022  # metres: how far grass stands up before a face


class Field(Protocol):
    """The surface that the edging surrounds."""

    def light(self, hits: Hits, chosen: Indices) -> tuple[Floats, Floats]:
        """Albedo, and mirrored radiance, of the chosen hits; both (n, 3) linear RGB."""
        ...


@dataclass(frozen=True)
class Radiance:
    """One entry a ray; linear RGB."""

    albedo: Floats  # (n, 3), to be lit by the zone's light; 0 where nothing is built
    mirror: Floats  # (n, 3), reflected light, not dimmed by the zone's shadows
    cover: Floats  # (n, 1), 1 where something is built
    shade: Floats  # (n, 1), factor on the photo's own light where nothing is


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
        count = hits.part.size
        albedo, mirror = np.zeros((2, count, 3), np.float32)
        sides = hits.where(Part.FACE, Part.TOP, Part.INNER)
        albedo[sides] = self.edging.albedo(hits)
        field = hits.where(Part.FIELD)
        albedo[field], mirror[field] = self.field.light(hits, field)
        cover, shade = floats(hits.part != Part.GROUND), np.ones(count, np.float32)
        behind = self._behind_grass(hits)
        albedo[behind], mirror[behind], cover[behind] = 0, 0, 0
        open_ground = hits.where(Part.GROUND)
        shade[open_ground] = self._shadow_on_ground(hits, open_ground)
        return Radiance(albedo, mirror, cover[:, None], shade[:, None])

    def _behind_grass(self, hits: Hits) -> Indices:
        """The hits behind blades of the photo's own grass, before the foot of a face."""
        face = hits.where(Part.FACE)
        if not self.site.light.green or not face.size:
            return face[:0]
        heights = self.site.rng("blades").beta(1.2, 3.0, 4096).astype(np.float32)
        clump = np.repeat(self.site.rng("clumps").uniform(0.3, 1.3, 512), 8).astype(np.float32)
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
