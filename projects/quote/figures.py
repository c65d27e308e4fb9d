"""The price lines: a table that stays in one piece."""

from django.utils.translation import gettext as _

from projects.quote import amounts
from projects.quote.content import Price
from projects.quote.paper import LINE, RIGHT, WIDTH, Paper

AMOUNT = 48.0
LABEL = WIDTH - AMOUNT - 4
SIZE = 10.5
PAD = 1.8


def figures(paper: Paper, prices: list[Price]) -> None:
    if not prices:
        return
    shown, total = amounts.set_alike([price.amount for price in prices])
    rows = [(price.label, amount) for price, amount in zip(prices, shown, strict=True)]
    paper.room(12 + sum(_height(paper, *row) for row in rows) + 10)
    heading(paper, _("Prices"))
    for row in rows:
        _row(paper, *row)
        paper.rule(paper.y, LINE)
    if total:
        _row(paper, _("Total"), total, bold=True)
        paper.rule(paper.y, paper.accent, 0.5)
    paper.y += 7


def heading(paper: Paper, text: str) -> None:
    paper.say(text, size=12, bold=True, colour=paper.accent)
    paper.y += 1.5


def _row(paper: Paper, label: str, amount: str, bold: bool = False) -> None:
    top, high = paper.y, _height(paper, label, amount, bold)
    paper.y = top + PAD
    paper.say(label, size=SIZE, bold=bold, width=LABEL, flows=False)
    paper.y = top + PAD
    x = RIGHT - AMOUNT
    paper.say(amount, size=SIZE, bold=bold, x=x, width=AMOUNT, align="right", flows=False)
    paper.y = top + high


def _height(paper: Paper, label: str, amount: str, bold: bool = False) -> float:
    left = paper.height(label, SIZE, LABEL, bold)
    return max(left, paper.height(amount, SIZE, AMOUNT, bold)) + 2 * PAD
