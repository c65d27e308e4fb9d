"""What it costs to choose, with the real rows of a burst in the real database."""

import time
from collections.abc import Iterator, Sequence

from django.conf import settings
from django_q.models import OrmQ

from integrations.doors.clock import database_now
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import dispatch
from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import alternate, percentile
from tests.bench.rows import jobs

FEW = 50


def measure(bench: Bench) -> Iterator[Row]:
    many, few = waiting(bench.size.burst), waiting(FEW)
    pairs = alternate(lambda: seconds(many), lambda: seconds(few), bench.size.rounds)
    ours, floor = percentile(pairs.ours, 50), percentile(pairs.rival, 50)
    yield Row(
        f"a hand-out while {bench.size.burst} of one agency wait",
        f"{ours * 1000:.0f} ms",
        f"{floor * 1000:.0f} ms, while {FEW} wait",
        f"{pairs.ratio:.1f}",
    )


def waiting(count: int) -> Sequence[Generation]:
    now = database_now()
    return jobs("http://127.0.0.1:9", count, status=Status.QUEUED, inputs_ready_at=now)


def seconds(mine: Sequence[Generation]) -> float:
    """One hand-out, while these are all that is due and nobody is at work."""
    rows = Generation.objects.filter(pk__in=[job.pk for job in mine])
    rows.update(due_at=database_now(), hinted_at=None)
    OrmQ.objects.all().delete()
    start = time.perf_counter()
    assert dispatch.hand_out() == settings.JOB_WORKERS
    taken = time.perf_counter() - start
    rows.update(due_at=None)
    return taken
