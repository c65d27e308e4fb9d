"""Tables of what was measured, as TSV: the first line names the machine."""

import csv
import os
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from deploy.tree import ROOT

FOLDER = ROOT / "docs" / "growth"
Table = dict[str, list[float]]


def head(kind: Any) -> str:
    return "\t".join(column.name for column in fields(kind))


def line(point: Any) -> str:
    return "\t".join(
        f"{value:.1f}" if isinstance(value, float) else str(value) for value in astuple(point)
    )


def write(path: Path, points: Sequence[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# {machine()}", head(type(points[0])), *(line(point) for point in points)]
    path.write_text("\n".join(lines) + "\n")


def read(path: Path) -> tuple[str, Table]:
    """The machine, and the columns by their names."""
    first, *lines = path.read_text().splitlines()
    rows = list(csv.DictReader(lines, delimiter="\t"))
    return first.removeprefix("# "), {name: [float(row[name]) for row in rows] for name in rows[0]}


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
