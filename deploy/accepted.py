"""deploy/accepted-advisories.tsv: advisories that we live with for a while, each with the day
on which somebody looked and the reason. `make audit` fails for a line that is wrong, old or
needless."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from deploy.tree import ROOT

LIST = ROOT / "deploy/accepted-advisories.tsv"
COLUMNS = ["advisory", "package", "looked at", "reason"]
LEAST = 20  # characters of a reason
LOOKED_AT_EVERY = timedelta(days=90)


def pairs(path: Path = LIST) -> set[tuple[str, str]]:
    """Advisory and package."""
    return {(row[0], row[1]) for row in lines(path)[1:] if len(row) == len(COLUMNS)}


def complaints(path: Path = LIST) -> list[str]:
    rows = lines(path)
    found = [f"{path.name}:1: the columns are {COLUMNS}"] if rows[:1] != [COLUMNS] else []
    for number, row in enumerate(rows[1:], 2):
        found += [f"{path.name}:{number}: {wrong}" for wrong in wrong_with(row)]
    return found


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text().splitlines()]


def wrong_with(row: list[str]) -> Iterator[str]:
    if len(row) != len(COLUMNS):
        yield f"{len(row)} columns, not {len(COLUMNS)}"
        return
    if len(row[3]) < LEAST:
        yield f"a reason of fewer than {LEAST} characters"
    yield from wrong_day(row[2])


def wrong_day(text: str) -> Iterator[str]:
    today = datetime.now(UTC).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        yield f"{text!r} is no day such as {today}"
        return
    if not today - LOOKED_AT_EVERY <= day <= today:
        yield f"looked at on {day}: look again, at least each {LOOKED_AT_EVERY.days} days"
