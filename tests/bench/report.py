"""A measured figure, and the table of all of them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# The ratio first: of what is measured it alone is much the same on another machine.
HEAD = ("figure", "ratio", "ours", "beside it", "goal", "")


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
        return (self.figure, self.ratio, self.ours, self.beside, self.goal, verdict)


def table(rows: Sequence[Row]) -> str:
    """In Markdown, so that it can go into docs/performance.md as it is."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
              for line in lines]  # fmt: skip
    rule = ["-" * width for width in widths]
    return "\n".join(f"| {' | '.join(line)} |" for line in (padded[0], rule, *padded[1:]))


def machine() -> str:
    """With what else it did: a time that was taken beside other work says little."""
    about = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in about if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores of {names[0] if names else os.uname().machine}, "
        f"{pages / 2**30:.0f} GB; load {load:.1f}"
    )
