"""What web and worker need after many jobs, beside what they needed once warm."""

from collections.abc import Iterator, Mapping

from tests.bench.bench import Bench
from tests.bench.drive import Driver
from tests.bench.processes import resident
from tests.bench.report import Row
from tests.stack import Stack

AT_ONCE = 30
WARM = 10  # a tenth of the jobs comes first
GOAL_PERCENT = 5
Kilobytes = Mapping[int, int]  # by process


def measure(bench: Bench) -> Iterator[Row]:
    jobs, stack = bench.size.jobs, bench.stack
    with Driver(stack, photos=1_000_000) as driver:
        driver.run(max(1, jobs // WARM), at_once=AT_ONCE)
        before = _sample(stack)
        seconds = driver.run(jobs, at_once=AT_ONCE)
        after = _sample(stack)
    for name in before:
        yield _row(f"{name}, memory after {jobs} jobs", before[name], after[name])
    yield Row(
        "jobs through the whole product",
        f"{jobs / seconds * 60:.0f} a minute",
        f"{AT_ONCE} at once",
    )


def _sample(stack: Stack) -> dict[str, Kilobytes]:
    names = ("web", "worker")
    roots = {name: stack.processes[name].child for name in names}
    return {name: resident(root.pid) for name, root in roots.items() if root}


def _row(figure: str, before: Kilobytes, after: Kilobytes) -> Row:
    """Of the processes that lived on; a worker that was recycled begins anew."""
    lived = before.keys() & after.keys()
    was, now = (sum(sample[pid] for pid in lived) for sample in (before, after))
    growth = 100 * (now - was) / was
    return Row(
        figure,
        f"{now / 1024:.0f} MB, {len(lived)} of {len(before)} processes",
        f"{was / 1024:.0f} MB once warm",
        f"{growth:+.1f} %",
        f"≤ {GOAL_PERCENT} %",
        growth <= GOAL_PERCENT,
    )
