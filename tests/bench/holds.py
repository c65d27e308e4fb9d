"""Holds a second of one hot agency: every one waits for the same row."""

from collections.abc import Iterator

from tests.bench.bench import Bench
from tests.bench.crew import Crew
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.bench.rows import agency

PHOTOS = 100_000_000


def measure(bench: Bench) -> Iterator[Row]:
    size, cast = bench.size, agency(PHOTOS)
    with Crew(size.connections, "tests.bench.holder", str(cast.agency.pk)) as crew:

        def rate(how: str) -> float:
            return sum(map(float, crew.do(f"{how} {size.seconds}")))

        pairs = alternate(lambda: rate("ours"), lambda: rate("floor"), size.rounds)
    yield pairs.row(
        f"holds of one agency, {size.connections} connections",
        "/s",
        "the same rows by one SQL statement",
        0.65,
    )
