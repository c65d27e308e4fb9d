"""A terrace: a wooden deck with a picture-frame board, or laid stone."""

from dataclasses import dataclass

from integrations.engine import outlines
from integrations.engine.deck import WOODS, Boards, board_texture
from integrations.engine.edging import Edging, edging_height
from integrations.engine.pavers import LAYINGS, STONES, Laying, paver_texture
from integrations.engine.rasters import Floats
from integrations.engine.raycasting import Section, Spots
from integrations.engine.scene import Scene
from integrations.engine.shapes import Shape
from integrations.engine.site import TEXEL_BUDGET, Site
from integrations.engine.texture import Texture, affordable_texel

DECKS = ("ipe", "pine", "grey", "anthracite")
STYLES = (*DECKS, *STONES)
SMALLEST = 0.15  # metres from edge to middle
DECK = Section(edging=0.145, top=0.10, floor=0.10)
PAVING = Section(edging=0.0, top=0.045, floor=0.045)


@dataclass(frozen=True)
class Floor:
    """A texture laid over the plan, its x along s or along t."""

    texture: Texture
    turned: bool

    def light(self, at: Spots) -> tuple[Floats, None]:
        x, y = (at.t, at.s) if self.turned else (at.s, at.t)
        return self.texture.at(x, y, at.footprint), None


def build_terrace(site: Site, style: str | None) -> Scene:
    style = site.style(style, STYLES)
    section = DECK if style in DECKS else PAVING
    shape = outlines.exact(site, section.top, SMALLEST)
    edging = Edging(
        _edge_texture(site, style, section, shape), section, shape, site.sun, site.light.sun
    )
    return Scene(site, style, shape, section, edging, _floor(site, style))


def _floor(site: Site, style: str) -> Floor:
    turned = bool(site.rng("direction").random() < 0.5)
    width, height = reversed(site.extent) if turned else site.extent
    texel = affordable_texel(width, height, max(0.003, 0.7 * site.nearest_pixel()), TEXEL_BUDGET)
    rng = site.rng("floor")
    if style in DECKS:
        return Floor(board_texture(width, height, texel, rng, WOODS[style]), turned)
    sun = (site.sun[1], site.sun[0]) if turned else site.sun
    laying = LAYINGS[int(site.rng("laying").integers(len(LAYINGS)))]
    return Floor(paver_texture(width, height, texel, rng, STONES[style], laying, sun), turned)


def _edge_texture(site: Site, style: str, section: Section, shape: Shape) -> Texture:
    """The frame board and its fascia, or the stones' thickness."""
    height = edging_height(section)
    texel = affordable_texel(shape.perimeter, height, 0.004, TEXEL_BUDGET // 4)
    rng = site.rng("edge")
    if style in DECKS:
        boards = Boards(width=0.12, shortest=2.4, longest=4.0)
        return board_texture(shape.perimeter, height, texel, rng, WOODS[style], boards)
    laying = Laying(0.60, 2 * height)
    return paver_texture(shape.perimeter, height, texel, rng, STONES[style], laying)
