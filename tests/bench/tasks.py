"""Tasks a second through django-q2 that do nothing: with our settings, and with its defaults."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django_q.models import OrmQ, Schedule

from config.supervise import Process, manage
from integrations.doors import queue
from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.stack import wait_until

NOTHING = "time.time"
OURS, DEFAULTS = "tests.settings", "tests.bench.default_queue"
WITHIN_S = 120


def measure(bench: Bench) -> Iterator[Row]:
    Schedule.objects.all().delete()  # no sweep comes in between
    OrmQ.objects.all().delete()
    count = bench.size.tasks
    rounds = min(3, bench.size.rounds)  # a cluster is started for each
    pairs = alternate(lambda: rate(OURS, count), lambda: rate(DEFAULTS, count), rounds)
    yield pairs.row("tasks through django-q2 that do nothing", "/s", "its default settings")


def rate(settings: str, count: int) -> float:
    with cluster(settings) as process:
        _work_off(process, 1)  # it is up
        return count / _work_off(process, count)


def _work_off(process: Process, count: int) -> float:
    with transaction.atomic():
        for _ in range(count):
            queue.enqueue(NOTHING)
    start = time.monotonic()
    wait_until(lambda: not OrmQ.objects.exists(), WITHIN_S, lambda: process.log.read_text()[-3000:])
    return time.monotonic() - start


@contextmanager
def cluster(settings: str) -> Iterator[Process]:
    log = Path(os.environ["VAR_DIR"]) / "bench-cluster.log"
    environment = {"DJANGO_SETTINGS_MODULE": settings}
    process = Process("worker", manage("qcluster"), log, environment)
    process.start()
    try:
        yield process
    finally:
        process.ask_to_stop()
        process.end(time.monotonic() + 20)
