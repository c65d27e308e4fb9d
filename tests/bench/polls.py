"""Polls a second of the sweep, beside as many threads that do nothing but ask."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import requests

from integrations.doors.clock import database_now
from projects.choices import Status
from projects.models import Generation
from projects.pipeline.sweep import THREADS, Sweep
from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.bench.rows import jobs
from tests.stack import ROOT

PATH = "/api/create_exterior/get"
GOAL = 0.8


def measure(bench: Bench) -> Iterator[Row]:
    for milliseconds, goal in ((0, GOAL), (50, None)):
        with answerer(milliseconds) as origin:
            yield _measured(bench, origin, milliseconds, goal)


def _measured(bench: Bench, origin: str, milliseconds: int, goal: float | None) -> Row:
    count, polled = bench.size.polls, jobs(origin, bench.size.polls, status=Status.PROCESSING)
    pairs = alternate(lambda: swept(polled), lambda: asked(origin, count), bench.size.rounds)
    return pairs.row(
        f"polls, answered after {milliseconds} ms",
        "/s",
        f"{THREADS} threads of requests.post",
        goal,
    )


def swept(polled: list[Generation]) -> float:
    """All of them are due; a pass of the sweep after the other until each has been heard. The first
    time iacrea says of each that it has begun, afterwards nothing new."""
    mine = Generation.objects.filter(pk__in=[job.pk for job in polled])
    begin = database_now()
    mine.update(due_at=begin)
    sweep, start = Sweep(), time.monotonic()
    while (found := sweep.once()) or sweep.polls.under_way:
        if not found:
            sweep.rest()
    seconds = time.monotonic() - start
    sweep.finish()
    heard = mine.filter(upstream_started=True, last_polled_at__gte=begin)
    assert heard.count() == len(polled), "each was asked for, and its answer understood"
    mine.update(due_at=None)
    return len(polled) / seconds


def asked(origin: str, count: int) -> float:
    """The same question as often, by as many threads, and its answer thrown away."""
    headers = {"x-api-key": "a key of the bench"}

    def ask(_number: int) -> None:
        body = {"user_id": str(uuid4()), "generation_id": str(uuid4())}
        requests.post(origin + PATH, json=body, headers=headers, timeout=20).json()

    start = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(count)))
    return count / (time.monotonic() - start)


@contextmanager
def answerer(milliseconds: int) -> Iterator[str]:
    argv = [sys.executable, "-m", "tests.bench.answerer", str(milliseconds)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
