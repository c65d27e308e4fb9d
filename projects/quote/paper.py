"""The page that a quote is drawn on: A4, our typeface, a line on top of each further page, the
agency's footer and the page's number. Lengths are millimetres, sizes of letters are points."""

from functools import partial
from typing import Literal, TypedDict, Unpack

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import ResourceAccessPolicy
from fpdf.fonts import TTFFont

from integrations.doors.typeface import BOLD, REGULAR
from projects.quote.words import clean, one_line, shortened, wrapped

LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 14.0, 274.0
WIDTH = RIGHT - LEFT
INK, SOFT, LINE, TINT, GREEN = "#1d2a23", "#55625a", "#dcdacd", "#f1f5ef", "#2c6a4b"
POINT = 25.4 / 72
LEADING = 1.45
FAMILY = "Open Sans"
FOOTER = 7.0  # points
# Becomes the number of pages, where cell() sets it, in the width of so many digits.
PAGES = "##"
Align = Literal["left", "center", "right"]
SHIFT: dict[Align, float] = {"left": 0.0, "center": 0.5, "right": 1.0}


class Place(TypedDict, total=False):
    """Where and how a text stands; one that does not flow stays on its page."""

    x: float
    align: Align
    colour: str
    flows: bool


class Paper(FPDF):
    """`y` is where the next thing goes. Nothing is fetched for it: pictures come as bytes."""

    def __init__(self, *, heading: str, footer: str, accent: str) -> None:
        super().__init__(format="A4")
        self.set_auto_page_break(False)
        self.add_font(FAMILY, "", REGULAR)
        self.add_font(FAMILY, "B", BOLD)
        self.resource_access_policy = ResourceAccessPolicy.NONE
        font = self.fonts[FAMILY.lower()]
        assert isinstance(font, TTFFont)
        self.known = set(font.cmap)
        self.heading, self.footing, self.accent = heading, footer, accent or GREEN
        self.set_font(FAMILY, size=10)
        self.alias_nb_pages(PAGES)
        self.add_page()

    def header(self) -> None:
        """Of each page but the first, which has the letterhead."""
        self.y = TOP
        if self.page > 1:
            self.say(self.heading, size=8, colour=SOFT, most=1)
            self.rule(self.y + 1, LINE)
            self.y += 7

    def footer(self) -> None:
        self.y = BOTTOM + 4
        self.say(self.footing, size=FOOTER, colour=SOFT, align="center", most=4, flows=False)
        self.set_font(FAMILY, size=8)
        self.set_text_color(SOFT)
        self.set_xy(LEFT, 287)
        number = _("Page %(n)s of %(all)s") % {"n": self.page, "all": PAGES}
        self.cell(WIDTH, 4, number, align="C")

    def room(self, height: float) -> None:
        """A new page, unless so much is free on this one."""
        if self.y + height > BOTTOM:
            self.add_page()

    def say(
        self,
        text: str,
        *,
        size: float = 10,
        bold: bool = False,
        width: float = WIDTH,
        most: int = 0,
        **place: Unpack[Place],
    ) -> None:
        """Lines from `y` on, over as many pages as they need; `most`: so many at the most."""
        found = self.lines(text, size, bold, width, most)
        self.set_lines(found, size=size, bold=bold, width=width, **place)

    def set_lines(
        self,
        lines: list[str],
        *,
        size: float = 10,
        bold: bool = False,
        width: float = WIDTH,
        **place: Unpack[Place],
    ) -> None:
        high = self.height_of(1, size)
        for line in lines:
            if place.get("flows", True):
                self.room(high)
            self._use(size, bold, place.get("colour", INK))
            free = width - self.get_string_width(line, normalized=True)
            x = place.get("x", LEFT) + free * SHIFT[place.get("align", "left")]
            self.text(x, self.y + high * 0.75, line)
            self.y += high

    def lines(self, text: str, size: float, bold: bool, width: float, most: int = 0) -> list[str]:
        """As say() sets them; none of a text that is empty."""
        self._use(size, bold, INK)
        measure = partial(self.get_string_width, normalized=True)
        found = wrapped(self.clean(text), width, measure) if text.strip() else []
        return shortened(found, most, width, measure) if most else found

    def height(self, text: str, size: float, width: float, bold: bool = False) -> float:
        return self.height_of(len(self.lines(text, size, bold, width)), size)

    def height_of(self, lines: int, size: float) -> float:
        return lines * size * POINT * LEADING

    def rule(self, y: float, colour: str, thickness: float = 0.2) -> None:
        self.set_draw_color(colour)
        self.set_line_width(thickness)
        self.line(LEFT, y, RIGHT, y)

    def clean(self, text: str) -> str:
        return clean(text, self.known)

    def one_line(self, text: str) -> str:
        return one_line(text, self.known)

    def _use(self, size: float, bold: bool, colour: str) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(colour)
