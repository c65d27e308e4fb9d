"""docs/growing.md quotes docs/performance.md, and its arithmetic is right."""

import math
import re

import pytest

from deploy.tree import ROOT

PAGE = (ROOT / "docs/growing.md").read_text()
MEASURED = (ROOT / "docs/performance.md").read_text()
ROWS = {line.split(" | ")[0].strip("| "): line for line in PAGE.splitlines() if line[:2] == "| "}
FULL, BUSIEST = 0.6, 5
KEPT, MONTHS = 3639, 5314


def cells(name: str) -> list[str]:
    (row,) = [line for first, line in ROWS.items() if first.startswith(name)]
    return [cell.strip() for cell in row.strip("|").split(" | ")[1:]]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("jobs accepted", "jobs of one agency accepted by the API"),
        ("a job that runs", "a job that runs shown by the API"),
        ("a job that is ready", "a job that is ready shown by the API"),
        ("CPU of the web", "CPU of the web process for a callback"),
        ("jobs through", "jobs through the whole product"),
        ("polls by", "polls, answered after 0 ms"),
        ("gets a job", "gets a job, without callbacks"),
        ("tasks through", "tasks through django-q2"),
        ("a hand-out", "a hand-out while 5,000"),
    ],
)
def test_the_measured_figures_are_those_of_the_bench(here: str, there: str) -> None:
    (row,) = [line for line in MEASURED.splitlines() if line.startswith(f"| {there}")]
    (figure,) = cells(here)
    ours = row.split("|")[3]
    assert ours.split(",")[0].strip() == figure


def test_bytes_add_up() -> None:
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in PAGE.splitlines()]
    tables = [row for row in rows if len(row) == 5 and row[0].startswith("`")]
    found = {}
    for name, table, indexes, times, for_one in tables:
        count = float(re.split("[,:]", times)[0])
        found[name] = int(for_one.replace(",", ""))
        assert found[name] == pytest.approx((int(table) + int(indexes)) * count, abs=1)
    swept = {"`accounts_apirequest`", "`webhooks_delivery`", "`webhooks_event`"}
    assert sum(found[name] for name in swept) == MONTHS and len(found) == 10
    assert sum(size for name, size in found.items() if name not in swept) == KEPT
    assert f"**{KEPT:,}**" in PAGE and f"**{MONTHS:,}**" in PAGE


def each_s(name: str) -> float:
    """The seconds of one, of a row that says how many there are a second."""
    return 1 / float(cells(name)[0].removesuffix(" /s"))


def whole(need: float) -> int:
    return max(1, math.ceil(need))


@pytest.mark.parametrize("column", [0, 1, 2], ids=["10^5", "10^6", "10^7"])
def test_hosts_and_sizes_follow(column: int) -> None:
    pictures = 10 ** (5 + column)
    mean = pictures / (30 * 86400)
    accepted, running, ready = (
        each_s(name) for name in ("jobs accepted", "a job that runs", "a job that is")
    )
    busiest, web = mean * BUSIEST, accepted + 5 * running + ready + 0.004
    busy = busiest * 1.5

    def told(name: str) -> float:
        return float(cells(name)[column].split()[0])

    assert told("a second, mean") == pytest.approx(mean, abs=0.006)
    assert told("a second, busiest") == pytest.approx(busiest, rel=0.02)
    assert told("web hosts") == whole(busiest * web / FULL)
    assert told("workers that are busy") == pytest.approx(busy, abs=0.06)
    assert told("worker hosts") == whole(busy / FULL / 4)
    assert told("jobs at iacrea") == pytest.approx(busiest * 51, abs=0.6)
    assert told("polls a second") == pytest.approx(busiest * 4.9, rel=0.06)
    gigabytes = (12 * KEPT + MONTHS) * pictures / 1e9
    assert told("database, after a year") == pytest.approx(gigabytes, rel=0.01)
    assert told("files, after a year") == pytest.approx(2.15 * 12 * pictures / 1e6, rel=0.01)
