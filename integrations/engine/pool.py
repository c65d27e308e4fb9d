"""A swimming pool: coping stones around a lined basin."""

import numpy as np

from integrations.engine import outlines
from integrations.engine.backdrop import make_backdrop
from integrations.engine.colour import rgb
from integrations.engine.edging import Edging, edging_height
from integrations.engine.pavers import STONES, Laying, paver_texture
from integrations.engine.rasters import Floats, floats
from integrations.engine.raycasting import Section
from integrations.engine.scene import Scene
from integrations.engine.shapes import Shape
from integrations.engine.site import TEXEL_BUDGET, Site
from integrations.engine.texture import Texture, affordable_texel, texture_of
from integrations.engine.water import Water, make_ripples

LINERS = {"azure": "#96c6d6", "lagoon": "#92c4b8", "sand": "#cdc3a8", "pearl": "#a9b4ba"}
STYLES = tuple(LINERS)
COPINGS = ("travertine", "bluestone", "sandstone", "concrete")
SMALLEST = 0.55  # metres from edge to middle
WIDEST_COPING, COPING_SHARE = 0.33, 0.2  # metres; of the way from edge to middle
LEVEL, WATER = 0.03, -0.12  # metres above the ground
THICKNESS = 0.045  # metres of coping stone above the liner


def build_pool(site: Site, style: str | None) -> Scene:
    style, site = site.style(style, STYLES), site.in_one_part()
    shape = outlines.regular(site, LEVEL, SMALLEST, corner=0.05)
    section = Section(coping_width(shape.deepest), LEVEL, WATER)
    liner = rgb(LINERS[style])
    backdrop = make_backdrop(site.photo, site.zone, site.plan)
    water = Water(site, shape, section, liner, make_ripples(site.rng("ripples")), backdrop)
    edging = Edging(_coping(site, shape, section, liner), section, shape, site.sun, site.light.sun)
    return Scene(site, style, shape, section, edging, water, smooth=True)


def coping_width(half_width: float) -> float:
    """Metres, by those from the pool's edge to its middle: a small basin has narrow stones."""
    return min(WIDEST_COPING, COPING_SHARE * half_width)


def _coping(site: Site, shape: Shape, section: Section, liner: Floats) -> Texture:
    """Stones over the top, and below their thickness the liner with a damp waterline."""
    height = edging_height(section)
    texel = affordable_texel(shape.perimeter, height, 0.004, TEXEL_BUDGET // 4)
    stone = STONES[site.pick("coping", COPINGS)]
    laying = Laying(0.50, 2 * height)
    stones = paver_texture(shape.perimeter, height, texel, site.rng("coping stones"), stone, laying)
    albedo = stones.levels[0].copy()
    below = floats((np.arange(len(albedo)) + 0.5) * texel) - (section.top + section.edging)
    wall = below > THICKNESS
    shadow = 1 - 0.45 * np.exp(-(below[wall] - THICKNESS) / 0.02)
    damp = 1 - 0.25 * np.exp(-np.abs(section.top - section.floor - below[wall]) / 0.008)
    albedo[wall] = liner * floats(shadow * damp)[:, None, None]
    return texture_of(albedo, texel)
