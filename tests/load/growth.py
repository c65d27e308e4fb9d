"""How the times grow with the rows: `python -m tests.load.growth [--generations N…]` measures the
same things in a database of each size, and writes docs/growth/rows.tsv."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import django

from tests.bench.bench import durable_database
from tests.bench.calls import Call, per_second, uploaded
from tests.chaos.office import png
from tests.load import tables

SIZES = [1_000, 10_000, 100_000]
VISITS = 20
SECONDS = 5.0
PASSES = 20
# Passes of a sweep that finds nothing due, by the processor's own clock of a fresh process.
SWEEP = f"""
import statistics, time
from projects.pipeline.sweep import Sweep
sweep, times = Sweep(), []
for _ in range({PASSES}):
    begin = time.perf_counter()
    sweep.once()
    times.append(time.perf_counter() - begin)
print(statistics.median(times) * 1000)
"""


@dataclass(frozen=True)
class Point:
    """A line of the table: medians, but for the rate."""

    generations: int
    list_ms: float
    search_ms: float
    sweep_pass_ms: float
    accepted_per_s: float
    database_mb: float


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="tests.load.growth", description="How times grow with the rows.")
    parser.add_argument("--generations", type=int, nargs="+", default=SIZES)
    parser.add_argument("--table", type=Path, default=tables.FOLDER / "rows.tsv")
    asked = parser.parse_args(arguments)
    points = []
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with durable_database() as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        for generations in asked.generations:
            points.append(measured(generations))
            print(tables.line(points[-1]), flush=True)
    tables.write(asked.table, points)
    return 0


def measured(generations: int) -> Point:
    from tests.bench.desk import PLANT, Desk
    from tests.bench.lists import Garden, database, settle
    from tests.bench.web import OURS, web

    with database(generations) as (url, key):
        settle(url)
        sweep = float(_shell(url, SWEEP))  # before there are messages, some of which are due
        told = json.loads(_shell(url, PLANT.format(generations)))
        settle(url)
        with web(*OURS, url) as origin:
            desk = Desk(origin, told)
            return Point(
                generations,
                Garden(origin, key).milliseconds({}, VISITS),
                desk.milliseconds(desk.paths["search by an id"], VISITS),
                sweep,
                per_second(origin, _accepting(origin, _agency(url)), SECONDS),
                _megabytes(url),
            )


def _shell(url: str, code: str) -> str:
    """Its last line."""
    from tests.bench.lists import manage_in

    return manage_in(url, "shell", "-v0", "-c", code).splitlines()[-1]


def _agency(url: str) -> str:
    """The key of one that has photos, beside the one that has the rows."""
    from tests.bench.lists import manage_in

    said = manage_in(
        url, "create_agency", "--name", "Growth", "--owner-email", "growth@example.org",
        "--photos", "1000000", "--iacrea-api-key", "a-key-of-the-bench",
        "--iacrea-user-id", str(uuid4()), "--json",
    )  # fmt: skip
    return str(json.loads(said)["api_key"])


def _accepting(origin: str, key: str) -> Call:
    fields = {
        "room_type": "POOL",
        "image": uploaded(origin, key, "photo", png("RGB", (90, 130, 60))),
        "mask": uploaded(origin, key, "mask", png("L", 255)),
    }
    return Call("POST", "/api/v1/generations", 202, key, fields)


def _megabytes(url: str) -> float:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) / 2**20 if row else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
