"""Test keys choose how a job ends; the real pipeline and a real emulator do the rest."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast
from tests.emulator.process import Process
from tests.projects.jobs import again, backdate, ended_as, use_upstream
from tests.projects.upstream import Upstream
from tests.v1.api import in_test_mode, live
from tests.worker import run_queued, sweep_once, work_to_the_end

pytestmark = pytest.mark.django_db


@pytest.fixture
def emulator(tmp_path: Path, settings: Any) -> Iterator[Process]:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps({"picture": "canned", "rules": []}))
    process = Process(tmp_path / "state", "--faults", str(faults))
    settings.EMULATOR_URL = process.url
    yield process
    process.kill()


def job(cast: Cast, **metadata: str) -> Generation:
    return Generation.objects.get(pk=in_test_mode(cast).job(metadata=metadata)["id"])


def test_without_a_wish_it_succeeds(alice: Cast, emulator: Process) -> None:
    done = job(alice)
    run_queued()
    backdate(done, 30, "due_at")
    assert work_to_the_end(again(done)).status == Status.SUCCEEDED


def test_failed(alice: Cast, emulator: Process) -> None:
    wish = job(alice, simulate="failed")
    run_queued()
    for _ in range(20):
        backdate(wish, 30, "due_at", "upstream_failed_at")
        sweep_once()
        if again(wish).is_terminal:
            break
    assert ended_as(wish, "generation_failed")


def test_slow(alice: Cast, emulator: Process) -> None:
    wish = job(alice, simulate="slow")
    run_queued()
    for _ in range(5):
        backdate(wish, 30, "due_at", "last_polled_at")
        sweep_once()
    assert again(wish).public_status == "PROCESSING"


def test_unconfirmed(alice: Cast, emulator: Process) -> None:
    """Taken, and nobody learns of it: given back at the deadline."""
    wish = job(alice, simulate="unconfirmed")
    run_queued()
    assert again(wish).status == Status.UNCONFIRMED
    backdate(wish, 1801, "status_since", "due_at")
    sweep_once()
    assert ended_as(wish, "outcome_unknown")


def test_iacrea_never_sees_the_wish(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        live(alice).job(metadata={"simulate": "failed"})
        run_queued()
    (sent,) = [r.json() for r in upstream.requests if r.path.endswith("/generate")]
    assert "simulate" not in sent
