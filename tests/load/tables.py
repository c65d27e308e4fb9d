"""Tables of what was measured, as TSV: the first line names the machine."""

import csv
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from deploy.tree import ROOT
from tests.bench.report import machine

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
