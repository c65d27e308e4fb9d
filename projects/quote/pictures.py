"""The photo and the picture. A wide pair: the photo small, with what the client said of it beside
it, and the picture as wide as the page. A tall pair: one beside the other."""

import io

from django.utils.translation import gettext as _
from PIL import Image

from integrations.doors.disclosure import CREDIT
from projects.quote.content import Approved, Sheet
from projects.quote.paper import BOTTOM, LEFT, SOFT, TINT, WIDTH, Paper

SMALL = 60.0
GAP = 6.0
HALF = (WIDTH - GAP) / 2
TALLEST = 135.0
LEAST = 80.0
CAPTION = 14.0  # with the words under the picture
MOST_LINES = 12  # of approvals: a client may have pressed on several links
Box = tuple[float, float, float, float]  # x, y, width, height


def pictures(paper: Paper, sheet: Sheet) -> None:
    width, height = _size(sheet.after)
    if sheet.before and height > width:
        _beside(paper, sheet, sheet.before)
    else:
        _above(paper, sheet)


def _above(paper: Paper, sheet: Sheet) -> None:
    top = paper.y
    if sheet.before:
        used = _picture(paper, sheet.before, (LEFT, top, SMALL, SMALL), _("Before"))
        said = _approvals(paper, sheet, LEFT + SMALL + GAP, top, WIDTH - SMALL - GAP)
        paper.y = max(used, said) + 5
    else:
        paper.y = _approvals(paper, sheet, LEFT, top, WIDTH) + 4
    paper.room(LEAST + CAPTION)
    box = (LEFT, paper.y, WIDTH, min(TALLEST, BOTTOM - paper.y - CAPTION))
    paper.y = _picture(paper, sheet.after, box, _("After"))
    _honest(paper)


def _beside(paper: Paper, sheet: Sheet, before: bytes) -> None:
    top = paper.y
    left = _picture(paper, before, (LEFT, top, HALF, TALLEST), _("Before"))
    right = _picture(paper, sheet.after, (LEFT + HALF + GAP, top, HALF, TALLEST), _("After"))
    paper.y = max(left, right)
    _honest(paper)
    paper.y = _approvals(paper, sheet, LEFT, paper.y, WIDTH) + 6


def _picture(paper: Paper, data: bytes, box: Box, caption: str) -> float:
    """As large as the box lets it be, its words under it; where both end."""
    x, y, most_wide, most_high = box
    width, height = _size(data)
    scale = min(most_wide / width, most_high / height)
    wide, high = width * scale, height * scale
    paper.image(io.BytesIO(data), x=x, y=y, w=wide, h=high, alt_text=caption)
    paper.y = y + high + 1
    paper.say(caption, size=9, bold=True, x=x, width=wide, flows=False)
    return paper.y


def _honest(paper: Paper) -> None:
    """What the picture is, in both languages whatever the sheet's is."""
    words = _("It gives an idea of the result: what is built may differ from it.")
    paper.say(f"{CREDIT}. {words}", size=8, colour=SOFT)
    paper.y += 4


def _approvals(paper: Paper, sheet: Sheet, x: float, top: float, width: float) -> float:
    """In a tinted frame, if there are any; where it ends."""
    said = _said(sheet.approved)[:MOST_LINES]
    if not said:
        return top
    inner = width - 10
    lines = [(paper.lines(text, 10, bold, inner, most=2), bold) for text, bold in said]
    high = paper.height_of(sum(len(found) for found, _bold in lines), 10) + 8
    paper.set_fill_color(TINT)
    paper.rect(x, top, width, high, style="F", round_corners=True, corner_radius=2)
    paper.set_fill_color(paper.accent)
    paper.rect(x, top, 1.6, high, style="F")
    paper.y = top + 4
    for found, bold in lines:
        paper.set_lines(found, bold=bold, x=x + 6, width=inner, flows=False)
    return top + high


def _said(approved: Approved) -> list[tuple[str, bool]]:
    """Lines, and whether they are bold."""
    said = [(text, False) for text in approved.this]
    if said:
        said.insert(0, (_("Approved by the client"), True))
    if approved.others:
        said.append((_("Also approved:") if said else _("The client has approved:"), True))
    return said + [(text, False) for text in approved.others]


def _size(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size
