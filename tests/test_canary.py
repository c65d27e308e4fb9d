"""A sign of life that only a working cluster can give, and what follows when it stays out."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signals import post_execute

from config.supervise import Process, Supervisor, manage
from integrations.doors import queue
from projects import canary, sweeper, tasks
from projects.models import Lease
from tests.projects.jobs import backdate
from tests.stack import Stack
from tests.test_supervise import SLEEPS, child, is_there, said, supervisor

__all__ = ["supervisor"]
MAX_AGE_S = 6


@pytest.fixture(autouse=True)
def has_not_sung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "_sung", float("-inf"))


def silent(cluster: str, seconds: float = 50) -> None:
    """Asked for the first time so long ago."""
    canary.ask(cluster)
    backdate(Lease.objects.get(name=canary.NAMES + cluster), seconds, "expires_at")


@pytest.mark.django_db
def test_only_a_task_that_was_recorded_makes_it_young(settings: Any) -> None:
    settings.CLUSTER_NAME = "a"
    assert canary.age_s("a") is None
    silent("a")
    age = canary.age_s("a")
    assert age and 50 <= age < 55
    tasks.sing()
    age = canary.age_s("a")
    assert age and 50 <= age < 55, "a worker that ran it proves nothing of the monitor"
    post_execute.send(sender="django_q", task={})
    age = canary.age_s("a")
    assert age is not None and age < 5


@pytest.mark.django_db
def test_each_cluster_is_judged_by_itself(settings: Any) -> None:
    silent("a")
    settings.CLUSTER_NAME = "b"
    canary.sing()
    hung, any_of_them = canary.age_s("a"), canary.age_s()
    assert hung and hung >= 50
    assert any_of_them is not None and any_of_them < 5


@pytest.mark.django_db
def test_a_queue_that_nobody_works_on_does_not_grow() -> None:
    silent("a")
    for _ in range(5):
        canary.ask("a")
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db
def test_what_was_taken_and_never_ended_does_not_keep_it_from_asking() -> None:
    silent("a")
    canary.ask("a")
    OrmQ.objects.update(lock=timezone.now() + timedelta(minutes=8))
    canary.ask("a")
    assert OrmQ.objects.count() == 2 and queue.waiting() == 1


@pytest.mark.django_db
def test_a_cluster_that_is_gone_is_forgotten() -> None:
    silent("gone", 2 * 24 * 3600)
    canary.ask("a")
    assert canary.age_s("gone") is None


@pytest.mark.django_db
def test_it_wakes_the_sweeper() -> None:
    tasks.sing()
    assert [row.task["func"] for row in OrmQ.objects.all()] == [sweeper.TASK]


def silent_for(*ages: float | None) -> Callable[[], float | None]:
    told = list(ages)
    return lambda: told.pop(0) if len(told) > 1 else told[0]


def test_who_gives_no_sign_of_life_is_replaced(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hung = child(tmp_path, SLEEPS)
    hung.max_age_s, hung.age_s = 0.5, silent_for(None, 0.1, 0.5, 0.0)
    supervisor.start(hung)
    assert hung.child
    first = hung.child.pid
    os.killpg(first, signal.SIGSTOP)

    def stop_once_replaced() -> None:
        if hung.child and hung.child.pid != first:
            supervisor.stopping = True

    age_s = hung.age_s
    hung.age_s = lambda: (stop_once_replaced(), age_s())[1]
    hung.started -= 10  # it is old enough to be judged
    supervisor.run()
    assert not is_there(first) and len(said(hung)) <= 2
    assert "child gives no sign of life; starting it again" in capsys.readouterr().out


@pytest.mark.parametrize("age", [None, 59.0])
def test_who_cannot_be_judged_or_is_young_stays(
    supervisor: Supervisor, tmp_path: Path, age: float | None
) -> None:
    process = child(tmp_path, SLEEPS)
    process.age_s = lambda: age
    supervisor.start(process)
    process.started -= 100
    assert not process.is_hung
    process.age_s = lambda: 1000
    assert process.is_hung
    process.started = time.monotonic()
    assert not process.is_hung, "the successor is given its time"


@pytest.fixture
def watched(stack: Stack, tmp_path: Path) -> Iterator[Process]:
    """The stack's worker under supervision, with a short patience."""
    stack.stop_process("worker")
    times = {"CANARY_MAX_AGE_S": str(MAX_AGE_S), "CANARY_EVERY_S": "1"}
    process = Process("watched", manage("worker"), tmp_path / "log", stack.environment | times)
    process.start()
    yield process
    cluster = descendants(process)
    process.end(time.monotonic())  # the supervisor first, or it would start another
    for number in cluster:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    stack.processes["worker"].start()


def descendants(process: Process) -> list[int]:
    """The cluster's processes: the supervised child and its group."""
    assert process.child
    listed = Path(f"/proc/{process.child.pid}/task/{process.child.pid}/children")
    leaders = [int(number) for number in listed.read_text().split()] if listed.exists() else []
    return [number for number in running() if _group(number) in leaders]


def _group(number: int) -> int | None:
    """None: some process of the machine, which has ended since it was listed."""
    try:
        return os.getpgid(number)
    except ProcessLookupError:
        return None


def running() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if is_there(int(path.name))]


@pytest.mark.processes
def test_a_cluster_that_hangs_is_replaced_and_works_again(stack: Stack, watched: Process) -> None:
    def age() -> int | None:
        told: int | None = requests.get(f"{stack.url}/readyz", timeout=5).json()["canary_age_s"]
        return told

    # Main, sentinel, four workers, pusher and monitor; and one of them has sung.
    until_within(60, lambda: len(descendants(watched)) >= 8)
    until_within(60, lambda: (found := age()) is not None and found <= 3)
    hung = descendants(watched)
    start = time.monotonic()
    for number in hung:
        with suppress(ProcessLookupError):  # a worker may have had its day
            os.kill(number, signal.SIGSTOP)
    # On SQLite one of them may hold the write lock: then each look waits 20 s for it.
    until_within(90, lambda: not set(hung) & set(running()))
    until_within(60, lambda: (found := age()) is not None and found <= 3)
    assert time.monotonic() - start >= MAX_AGE_S / 2, "it was given its time"
    assert "gives no sign of life" in watched.log.read_text()


def until_within(seconds: float, done: Callable[[], object]) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.2)
