"""The drill, with the product's own processes: a backup at T while jobs wait, all of which are sent
after it; then that database is lost. None is sent twice, and the books are right."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres import client_binaries
from tests.stack import READY_S, Stack, answers, own_database, running_stack, wait_until

pytestmark = pytest.mark.processes
WAITING = 40
SENT_S = 120
PAUSE = "from projects.recovery import pause_dispatch; print(pause_dispatch())"
# As support's button does, for each.
RESUME = """
from integrations.iacrea import accounts
from integrations.iacrea.models import IacreaAccount
for account in IacreaAccount.objects.exclude(paused_at=None):
    accounts.resume(account)
"""


@pytest.fixture
def stack() -> Iterator[Stack]:
    with running_stack() as stack:
        if not stack.environment["DATABASE_URL"].startswith("sqlite"):
            stack.environment["PATH"] = f"{client_binaries()}:{os.environ['PATH']}"
        yield stack


def ask(stack: Stack) -> str:
    garden = f"{stack.url}/static/samples/garden"
    fields = {
        "image_url": f"{garden}.jpg", "mask_url": f"{garden}-mask.png", "room_type": "TERRACE",
        "width": 1280, "height": 960,
    }  # fmt: skip
    answer = stack.call("create_exterior/generate", fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["generation_id"])


def sent(stack: Stack) -> int:
    return sum(line["path"].endswith("/generate") for line in stack.journal())


@contextmanager
def another_database(stack: Stack, folder: Path) -> Iterator[None]:
    """Empty; the processes that start meanwhile are on it."""
    lost = stack.environment["DATABASE_URL"]
    with own_database(lost, folder) as url:
        stack.environment["DATABASE_URL"] = url
        try:
            yield
        finally:
            stop(stack)
            stack.environment["DATABASE_URL"] = lost


def stop(stack: Stack) -> None:
    for name in ("web", "worker"):
        stack.stop_process(name)


def start(stack: Stack) -> None:
    for name in ("web", "worker"):
        stack.processes[name].start()
    wait_until(lambda: answers(f"{stack.url}/healthz"), READY_S, stack.logs)


def test_the_drill(stack: Stack, tmp_path: Path) -> None:
    agency = stack.agency["name"]  # opened here: the pause is of the accounts that there are
    stack.set_faults([{"call": "job", "action": "stuck"}])  # taken, and for ever at work
    stack.manage("shell", "--no-imports", "-c", PAUSE)
    waiting = {ask(stack) for _ in range(WAITING)}
    backup = stack.manage("backup", str(tmp_path)).strip()
    stack.manage("shell", "--no-imports", "-c", RESUME)
    wait_until(lambda: sent(stack) == WAITING, SENT_S, stack.logs)
    stop(stack)
    with another_database(stack, tmp_path):
        told = stack.manage("restore", backup)
        listed = {line.split()[0] for line in told.splitlines() if agency in line}
        assert listed == waiting and f"{WAITING} jobs are unconfirmed now" in told
        assert "missing" not in told
        stack.set_faults([])
        start(stack)
        late = ask(stack)
        stack.manage("shell", "--no-imports", "-c", RESUME)
        assert stack.end_of(late)["status"] == "SUCCEEDED" and sent(stack) == WAITING + 1
        doubted = stack.read("Generation.objects.filter(status='UNCONFIRMED').count()")
        assert int(doubted) == WAITING and ", 0 differences" in stack.manage("audit_ledger")
