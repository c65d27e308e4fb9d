"""The top of the first page: who sends it, and what it is about."""

import io

from django.utils.translation import gettext as _

from projects.quote.content import Sheet
from projects.quote.paper import LEFT, RIGHT, SOFT, TOP, WIDTH, Align, Paper

# The logo's: it keeps its shape.
BOX = (62.0, 21.0)
DOTS_PER_MM = 6.0  # a small logo is not blown up
BESIDE = 96.0


def letterhead(paper: Paper, sheet: Sheet) -> None:
    below = _logo(paper, sheet)
    x, width = (RIGHT - BESIDE, BESIDE) if sheet.logo else (LEFT, WIDTH)
    align: Align = "right" if sheet.logo else "left"
    paper.say(
        sheet.brand.name,
        size=12 if sheet.logo else 16,
        bold=True,
        x=x,
        width=width,
        align=align,
        most=2,
    )
    paper.say(sheet.brand.contact, size=9, colour=SOFT, x=x, width=width, align=align, most=4)
    paper.rule(max(paper.y, below) + 4, paper.accent, 0.8)
    paper.y = max(paper.y, below) + 10


def title(paper: Paper, sheet: Sheet) -> None:
    eyebrow = _("Quote sheet of %(day)s") % {"day": sheet.day}
    paper.say(eyebrow, size=9.5, bold=True, colour=paper.accent)
    paper.say(sheet.title, size=20, bold=True, most=3)
    paper.say(sheet.picture, size=11, colour=SOFT)
    paper.y += 4


def _logo(paper: Paper, sheet: Sheet) -> float:
    """Where it ends."""
    if not sheet.logo:
        return TOP
    width, height = sheet.brand.logo_width / DOTS_PER_MM, sheet.brand.logo_height / DOTS_PER_MM
    scale = min(1.0, BOX[0] / width, BOX[1] / height)
    alt = _("Logo of %(name)s") % {"name": paper.one_line(sheet.brand.name)}
    wide, high = width * scale, height * scale
    paper.image(io.BytesIO(sheet.logo), x=LEFT, y=TOP, w=wide, h=high, alt_text=alt)
    return TOP + high
