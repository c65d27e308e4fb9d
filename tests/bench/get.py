"""One generation shown by the API, beside one row that is read and serialised."""

from collections.abc import Iterator

from projects.models import Generation
from tests.bench.bench import Bench
from tests.bench.calls import CLIENTS, Call, per_second
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.bench.rows import agency
from tests.bench.web import BARE, OURS, web
from tests.garden import processing_generation, succeeded_generation

GOAL = 0.6


def measure(bench: Bench) -> Iterator[Row]:
    """Of a job that runs, which is what is asked for again and again; and of one with a picture."""
    cast = agency(10)
    running, ready = processing_generation(cast, "bench"), succeeded_generation(cast)
    with web(*OURS) as ours, web(*BARE) as bare:
        for name, job in (("runs", running), ("is ready", ready)):
            yield _measured(bench, f"a job that {name}", (ours, bare), job, cast.api_key)


def _measured(
    bench: Bench, figure: str, origins: tuple[str, str], job: Generation, key: str
) -> Row:
    ours = Call("GET", f"/api/v1/generations/{job.pk}", 200, key)
    bare = Call("GET", f"/read/{job.pk}", 200)
    pairs = alternate(
        lambda: per_second(origins[0], ours, bench.size.seconds),
        lambda: per_second(origins[1], bare, bench.size.seconds),
        bench.size.rounds,
    )
    return pairs.row(f"{figure} shown, {CLIENTS} clients", "/s", "a bare view reads its row", GOAL)
