"""Lists of the API in a database of a thousand generations, and in one of a million."""

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from config.supervise import manage
from tests.bench.bench import Bench
from tests.bench.calls import Call, Caller
from tests.bench.report import Row
from tests.bench.rounds import alternate, percentile
from tests.bench.web import OURS, web
from tests.stack import ROOT, own_database

FEW = 1000
MOST = 1.3
# seed_bulk writes two years.
MIDDLE = datetime.now(UTC) - timedelta(days=365)
CURSOR = base64.b64encode(urlencode({"p": str(MIDDLE)}).encode()).decode()
PAGES = {
    "the first page": {},
    "pictures that failed": {"status": "FAILED"},
    "what runs, which is nothing": {"status": "PROCESSING"},
    "of a member who has none": {"member": str(uuid4())},
    "a page in the middle": {"cursor": CURSOR},
}


@dataclass(frozen=True)
class Garden:
    """A web process on a database of so many generations, all of one agency."""

    origin: str
    key: str

    def milliseconds(self, query: dict[str, str], count: int) -> float:
        """The median of some calls, one after the other."""
        call = Call("GET", f"/api/v1/generations?{urlencode(query)}", 200, self.key)
        caller = Caller(self.origin)
        times = [caller.seconds(call) for _ in range(count)]
        caller.close()
        return percentile(times, 50) * 1000


def measure(bench: Bench) -> Iterator[Row]:
    size = bench.size
    with garden(min(FEW, size.generations)) as small, garden(size.generations) as large:
        for name, query in PAGES.items():
            pairs = alternate(
                lambda query=query: large.milliseconds(query, size.pages),  # type: ignore[misc]
                lambda query=query: small.milliseconds(query, size.pages),  # type: ignore[misc]
                size.rounds,
            )
            yield Row(
                f"{name} of {size.generations} generations",
                f"{percentile(pairs.ours, 50):.0f} ms",
                f"{percentile(pairs.rival, 50):.0f} ms, of {min(FEW, size.generations)}",
                f"{pairs.ratio:.2f}",
                f"≤ {MOST}",
                pairs.ratio <= MOST,
            )


@contextmanager
def garden(generations: int) -> Iterator[Garden]:
    with database(generations) as (url, key):
        settle(url)
        with web(*OURS, url) as origin:
            yield Garden(origin, key)


@contextmanager
def database(generations: int) -> Iterator[tuple[str, str]]:
    """Its URL, and the key of the agency that has them all."""
    with (
        tempfile.TemporaryDirectory(prefix="parterre-bench-") as var,
        own_database(os.environ["DATABASE_URL"], Path(var)) as url,
    ):
        manage_in(url, "migrate", "--no-input")
        manage_in(url, "createcachetable")
        many = ("--new=1", f"--generations={generations}", "--yes-this-is-a-test-database")
        yield url, json.loads(manage_in(url, "seed_bulk", *many))["api_key"]


def manage_in(database_url: str, *arguments: str) -> str:
    environment = {**os.environ, "DATABASE_URL": database_url}
    run = subprocess.run(
        manage(*arguments), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return run.stdout


def settle(database_url: str) -> None:
    """What PostgreSQL would do in its own time, in the middle of a round."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
