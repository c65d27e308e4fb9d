"""Words below the prices: the agency's note, and what the client wrote."""

from django.utils.translation import gettext as _

from projects.quote.content import Remark
from projects.quote.figures import heading
from projects.quote.paper import LEFT, SOFT, WIDTH, Paper

# A heading is not left alone at the foot of a page.
WITH_LINES = 24.0
INDENT = 8.0
# 1000 characters are ten lines of words, and may be a thousand ends of lines.
MOST_LINES = 30


def note(paper: Paper, text: str) -> None:
    if not text.strip():
        return
    paper.room(WITH_LINES)
    heading(paper, _("Note"))
    paper.say(text, most=2 * MOST_LINES)
    paper.y += 7


def remarks(paper: Paper, said: list[Remark]) -> None:
    if not said:
        return
    paper.room(WITH_LINES)
    heading(paper, _("The client’s comments"))
    for each in said:
        _remark(paper, each, 0)
        for answer in each.answers:
            _remark(paper, answer, INDENT)
        paper.y += 1.5


def _remark(paper: Paper, said: Remark, indent: float) -> None:
    paper.room(WITH_LINES / 2)
    x, width = LEFT + indent, WIDTH - indent
    who = f"{said.name} · {said.day}" if said.name.strip() else said.day
    paper.say(who, size=8.5, colour=SOFT, x=x, width=width, most=2)
    paper.say(said.text, size=9.5, x=x, width=width, most=MOST_LINES)
    paper.y += 2
