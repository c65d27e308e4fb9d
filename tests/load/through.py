"""From accepted to SUCCEEDED, how many a minute on this host, beside a bare loop."""

import time
from collections.abc import Iterator

from tests.bench.crew import Crew
from tests.bench.report import Row
from tests.bench.rounds import Pairs, alternate
from tests.load.floor import TABLES
from tests.load.product import Asker, Product, Rows

# As the cluster has workers.
CREW = 4
STUCK_S = 600
COUNT = "SELECT count(*) FROM projects_generation WHERE agency_id = %s AND status = 'SUCCEEDED'"


def measure(running: Product, jobs: int, rounds: int) -> Iterator[Row]:
    asker, rows = Asker(running), Rows(running)
    rows.run(TABLES)
    used = {name: running.cpu(name) for name in ("web", "worker")}
    with Crew(CREW, "tests.load.floor", running.emulator, rows.url) as crew:
        pairs = alternate(lambda: _through(asker, rows, jobs), lambda: _floor(crew, jobs), rounds)
    yield pairs.row("from accepted to SUCCEEDED, an instant upstream", "a minute", "a bare loop")
    yield from (_cpu(running, pairs, name, used[name], jobs) for name in used)
    rows.close()


def _through(asker: Asker, rows: Rows, jobs: int) -> float:
    begin, before = time.monotonic(), rows.one(COUNT, asker.agency_id)[0]
    asker.post(jobs)
    end = begin + STUCK_S
    while (done := rows.one(COUNT, asker.agency_id)[0] - before) < jobs:
        assert time.monotonic() < end, f"{done} of {jobs} have succeeded"
        time.sleep(0.05)
    return jobs / (time.monotonic() - begin) * 60


def _floor(crew: Crew, jobs: int) -> float:
    begin, each = time.monotonic(), max(1, jobs // CREW)
    crew.do(str(each))
    return each * CREW / (time.monotonic() - begin) * 60


def _cpu(running: Product, pairs: Pairs, name: str, before: float, jobs: int) -> Row:
    """Of the processes that live; one that was recycled takes its time with it."""
    rounds = len(pairs.ours) + (len(pairs.ours) > 1)  # and the one that is not counted
    spent = (running.cpu(name) - before) / rounds / jobs * 1000
    return Row(f"processor time of the {name} for a job", f"{spent:.0f} ms", "")
