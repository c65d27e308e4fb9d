"""A measured figure, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

HEAD = ("figure", "ours", "beside it", "ratio", "goal", "")


@dataclass(frozen=True)
class Row:
    figure: str
    ours: str
    beside: str
    ratio: str = ""
    goal: str = ""
    met: bool | None = None  # None: nothing was promised

    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        return (*astuple(self)[:-1], verdict)


def table(rows: Sequence[Row]) -> str:
    """In Markdown, so that it can go into docs/performance.md as it is."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
              for line in lines]  # fmt: skip
    rule = ["-" * width for width in widths]
    return "\n".join(f"| {' | '.join(line)} |" for line in (padded[0], rule, *padded[1:]))
