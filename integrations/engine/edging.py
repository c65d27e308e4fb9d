"""The edging: one course unrolled along the outline, on its top and down its sides."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.rasters import Bytes, Floats, floats
from integrations.engine.raycasting import Hits, Part, Section
from integrations.engine.shapes import Shape
from integrations.engine.texture import Texture

AMBIENT, DIRECT = 0.50, 0.40


@dataclass(frozen=True)
class Edging:
    """A texture whose x is metres along the outline and y metres over the section.

    y counts down the outer face, over the top, and down the inner face.
    """

    texture: Texture
    section: Section
    shape: Shape
    sun: tuple[float, float]  # in plan coordinates

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
        return floats(colour * self._brightness(part, s, t, drop)[:, None])

    def _brightness(self, part: Bytes, s: Floats, t: Floats, drop: Floats) -> Floats:
        """1 on the top; on a face by Lambert's law, darker towards the foot."""
        step = 2 * self.shape.plan.cell
        slope_s = self.shape.inside(s + step, t) - self.shape.inside(s - step, t)
        slope_t = self.shape.inside(s, t + step) - self.shape.inside(s, t - step)
        norm = np.maximum(np.hypot(slope_s, slope_t), 1e-6)
        lit = (slope_s * self.sun[0] + slope_t * self.sun[1]) / norm
        lit = np.where(part == Part.FACE, -lit, lit)
        foot = 1 - 0.45 * np.clip(drop / max(self.section.top, 0.02), 0, 1) ** 2
        shade = (AMBIENT + DIRECT * np.maximum(lit, 0)) * foot
        return floats(np.where(part == Part.TOP, 1.0, shade))


def edging_height(section: Section) -> float:
    """Metres over the section that the texture must cover."""
    return section.top + section.edging + (section.top - section.floor) + 0.02
