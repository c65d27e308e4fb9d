"""Each live status ends by a deadline of our own clock."""

from collections.abc import Callable
from typing import Any

import pytest

from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    again,
    archiving_generation,
    backdate,
    balances,
    ended_as,
    given_by_url,
    unconfirmed,
)
from tests.servers import Reply
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:1"
HANGS = Reply(hang=True)


def waiting_for_inputs(cast: Cast) -> Generation:
    return given_by_url(cast, NOWHERE, NOWHERE)


def archiving(cast: Cast) -> Generation:
    return archiving_generation(cast, NOWHERE)


@pytest.mark.parametrize(
    ("make", "seconds", "code"),
    [
        (queued_generation, 24 * 3600, "upstream_unavailable"),
        (waiting_for_inputs, 24 * 3600, "upstream_unavailable"),
        (unconfirmed, 30 * 60, "outcome_unknown"),
        (processing_generation, 24 * 3600, "timed_out"),
        (archiving, 6 * 3600, "result_lost"),
    ],
    ids=["T2b", "T2b without inputs", "T15", "T18", "T14"],
)
def test_each_live_status_ends_by_our_own_clock(
    alice: Cast, make: Callable[[Cast], Generation], seconds: int, code: str
) -> None:
    job = make(alice)
    assert job.due_at, "the sweep looks for nothing else"
    times = ("created_at", "status_since", "due_at")
    backdate(job, seconds - 30, *times)
    sweep_once()
    assert again(job).status == job.status and balances(alice) == (9, 1, 0)
    Generation.objects.filter(pk=job.pk).update(hinted_at=None, due_at=job.status_since)
    backdate(job, 31, *times)
    sweep_once()
    assert ended_as(job, code) and balances(alice) == (10, 0, 0)
    assert again(job).due_at is None and sweep_once() == 0


def test_a_longer_deadline_holds_for_rows_that_are_already_there(
    alice: Cast, settings: Any
) -> None:
    job = unconfirmed(alice)
    settings.UNCONFIRMED_DEADLINE_S = 3600
    backdate(job, 1801, "status_since", "due_at")
    sweep_once()
    assert again(job).status == Status.UNCONFIRMED and sweep_once() == 0
