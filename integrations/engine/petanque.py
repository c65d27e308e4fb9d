"""A pétanque court: compacted gravel between timber sleepers, with boules in play."""

from dataclasses import dataclass

import numpy as np

from integrations.engine import outlines
from integrations.engine.boules import Boule, details_of, draw_boules, throw_boules
from integrations.engine.deck import WOODS, Boards, board_texture
from integrations.engine.edging import Edging, edging_height
from integrations.engine.gravel import GRAVELS, gravel_texture
from integrations.engine.rasters import Floats, floats
from integrations.engine.raycasting import Section, Spots
from integrations.engine.scene import Scene
from integrations.engine.shadows import thrown_inside
from integrations.engine.shapes import Shape
from integrations.engine.site import TEXEL_BUDGET, Site
from integrations.engine.texture import Texture, affordable_texel

STYLES = tuple(GRAVELS)
SMALLEST = 0.45  # metres from edge to middle
COURT = Section(edging=0.12, top=0.09, floor=0.02)


@dataclass(frozen=True)
class Court:
    site: Site
    shape: Shape
    texture: Texture
    boules: tuple[Boule, ...]

    def light(self, at: Spots) -> tuple[Floats, None]:
        s, t = at.s, at.t
        albedo = self.texture.at(s, t, at.footprint)
        foot = np.clip(at.inside - COURT.edging, 0, None)
        albedo *= floats(1 - 0.35 * np.exp(-foot / 0.05))[:, None]
        sun, drop = self.site.light.sun, COURT.top - COURT.floor
        near = np.flatnonzero(foot < drop / sun.height + 0.05)
        albedo[near] *= thrown_inside(
            self.shape, self.site.sun, sun, drop, COURT.edging, s[near], t[near]
        )[:, None]
        draw_boules(self.boules, self.site, COURT.floor, s, t, albedo)
        return albedo, None


def build_petanque(site: Site, style: str | None) -> Scene:
    style, site = site.style(style, STYLES), site.in_one_part()
    shape = outlines.regular(site, COURT.top, SMALLEST, corner=0.0)
    width, height = site.extent
    texel = affordable_texel(width, height, max(0.003, 0.7 * site.nearest_pixel()), TEXEL_BUDGET)
    gravel = gravel_texture(width, height, texel, site.rng("gravel"), GRAVELS[style], site.sun)
    boules = throw_boules(site, shape, COURT.edging)
    edging = Edging(_sleepers(site, shape), COURT, shape, site.sun, site.light.sun)
    court, details = Court(site, shape, gravel, boules), details_of(boules, site)
    return Scene(site, style, shape, COURT, edging, court, details)


def _sleepers(site: Site, shape: Shape) -> Texture:
    height = edging_height(COURT)
    texel = affordable_texel(shape.perimeter, height, 0.004, TEXEL_BUDGET // 4)
    boards = Boards(width=2 * height, shortest=1.9, longest=2.6, gap=0.008)
    return board_texture(
        shape.perimeter, height, texel, site.rng("sleepers"), WOODS["sleeper"], boards
    )
