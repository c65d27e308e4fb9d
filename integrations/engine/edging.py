"""The edging: one course unrolled along the outline, on its top and down its sides."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from integrations.engine.mitres import Mitre, light_in_mitres, mitres_of
from integrations.engine.rasters import Bytes, Floats, floats, hypotenuse
from integrations.engine.raycasting import Hits, Part, Section
from integrations.engine.shapes import Shape
from integrations.engine.sun import SKY_SHARE, Sun
from integrations.engine.texture import Texture

CLOUDED, CLOUDED_SIDE = 0.58, 0.08  # light on a face against level ground, under clouds
SHADED = 0.30  # on a face that the sun does not reach


@dataclass(frozen=True)
class Edging:
    """A texture whose x is metres along the outline and y metres over the section.

    y counts down the outer face, over the top, and down the inner face.
    """

    texture: Texture
    section: Section
    shape: Shape
    toward: tuple[float, float]  # unit direction to the sun in plan coordinates
    sun: Sun

    def albedo(self, hits: Hits) -> Floats:
        """(n, 3) for hits on FACE, TOP and INNER, the faces darkened by how they stand."""
        chosen = hits.where(Part.FACE, Part.TOP, Part.INNER)
        part, drop = hits.part[chosen], hits.drop[chosen]
        s, t = hits.s[chosen], hits.t[chosen]
        over = np.clip(hits.inside[chosen], 0, self.section.edging)
        across = np.select(
            [part == Part.FACE, part == Part.INNER],
            [self.section.top - drop, self.section.top + self.section.edging + drop],
            self.section.top + over,
        )
        colour = self.texture.at(self.shape.arc(s, t), floats(across), hits.footprint[chosen])
        light = self._brightness(part, s, t, drop)
        top = np.flatnonzero(part == Part.TOP)
        reach, footprint = 1.6 * self.section.edging, hits.footprint[chosen][top]
        light[top] *= light_in_mitres(self.mitres, reach, s[top], t[top], footprint)
        return floats(colour * light[:, None])

    @cached_property
    def mitres(self) -> tuple[Mitre, ...]:
        return mitres_of(self.shape, self.section.edging)

    def _brightness(self, part: Bytes, s: Floats, t: Floats, drop: Floats) -> Floats:
        """1 on the top; on a face by Lambert's law, darker towards the foot."""
        light = np.ones(s.shape, np.float32)
        face = np.flatnonzero(part != Part.TOP)
        light[face] = self._light_on_face(part[face], s[face], t[face])
        foot = np.clip(drop[face] / max(self.section.top, 0.06), 0, 1)
        light[face] *= 1 - 0.45 * foot * foot
        return light

    def _light_on_face(self, part: Bytes, s: Floats, t: Floats) -> Floats:
        """Against level ground, by the cosine between the face and the sun's side."""
        step = 2 * self.shape.plan.cell
        slope_s = self.shape.inside(s + step, t) - self.shape.inside(s - step, t)
        slope_t = self.shape.inside(s, t + step) - self.shape.inside(s, t - step)
        norm = np.maximum(hypotenuse(slope_s, slope_t), 1e-6)
        lit = (slope_s * self.toward[0] + slope_t * self.toward[1]) / norm
        lit = np.where(part == Part.FACE, -lit, lit)
        clouded = CLOUDED + CLOUDED_SIDE * lit
        level = 1 - SKY_SHARE
        sunny = SHADED + level * np.maximum(lit, 0) / self.sun.height
        return floats(clouded + self.sun.strength * (sunny - clouded))


def edging_height(section: Section) -> float:
    """Metres over the section that the texture must cover."""
    return section.top + section.edging + (section.top - section.floor) + 0.02
