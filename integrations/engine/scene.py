"""What is built: a shape, its section, its edging and its field; and the light it sends back."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from integrations.engine.edging import Edging
from integrations.engine.rasters import Bools, Floats, Indices, floats
from integrations.engine.raycasting import Hits, Part, Section
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
class Scene:
    site: Site
    style: str
    shape: Shape
    section: Section
    edging: Edging
    field: Field

    def radiance(self, hits: Hits) -> Radiance:
        count = hits.part.size
        albedo, mirror = np.zeros((2, count, 3), np.float32)
        sides = hits.where(Part.FACE, Part.TOP, Part.INNER)
        albedo[sides] = self.edging.albedo(hits)
        field = hits.where(Part.FIELD)
        albedo[field], mirror[field] = self.field.light(hits, field)
        cover = floats((hits.part != Part.GROUND) & ~self._behind_grass(hits))[:, None]
        shade = np.where(hits.part == Part.GROUND, self._contact_shadow(hits), 1)
        return Radiance(albedo * cover, mirror * cover, cover, floats(shade)[:, None])

    def _behind_grass(self, hits: Hits) -> Bools:
        """Blades of the photo's own grass that stand before the foot of a face."""
        if not self.site.light.green:
            return np.zeros(hits.part.shape, np.bool_)
        heights = self.site.rng("blades").beta(1.2, 3.0, 4096).astype(np.float32)
        clump = np.repeat(self.site.rng("clumps").uniform(0.3, 1.3, 512), 8).astype(np.float32)
        column = np.floor(hits.rays.u * 1.4).astype(np.int64) % 4096
        blade = BLADE * heights[column] * clump[column]
        return np.asarray((hits.part == Part.FACE) & (self.section.top - hits.drop < blade))

    def _contact_shadow(self, hits: Hits) -> Floats:
        """Ambient light that the thing takes from the ground at its foot."""
        away = np.clip(-hits.inside, 0, None)
        fade = np.clip(1 - away / CONTACT, 0, 1)
        return floats(1 - 0.65 * fade * np.exp(-away / 0.04))
