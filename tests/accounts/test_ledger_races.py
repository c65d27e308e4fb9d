"""Movements at the same time, each with a connection of its own to the real database."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from accounts import quota
from accounts.choices import Mode, StaffReason
from accounts.exceptions import AlreadyRefunded, NoPhotosLeft
from accounts.ledger_audit import differences
from accounts.services import refund_captured_photos, set_plan
from accounts.sweep import expire_lots, grant_due_subscriptions, refill_test_photos
from tests.accounts.movements import balances, captured, end, entries, given, hold, pass_days
from tests.conftest import Cast
from tests.projects.jobs import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


def won(work: Callable[[], Any]) -> bool:
    """Say whether it was done; to be refused is the other right answer of a race."""
    try:
        work()
    except (NoPhotosLeft, AlreadyRefunded, IntegrityError):
        return False
    return True


def race(*works: Callable[[], Any]) -> int:
    return sum(at_once(*[partial(won, work) for work in works]))


def refund(cast: Cast, job: UUID) -> None:
    refund_captured_photos(
        agency=cast.agency, mode=Mode.LIVE, generation_id=job, actor_id="dana",
        reason=StaffReason.COURTESY,
    )  # fmt: skip


def test_fifty_jobs_for_ten_photos(alice: Cast) -> None:
    assert race(*[partial(hold, alice)] * 50) == 10
    assert balances(alice) == (0, 10, 0) and list(differences()) == []


def test_jobs_that_need_several_lots(alice: Cast) -> None:
    for days in (1, 2, 3):
        given(alice, 4, days=days)
    assert race(*[partial(hold, alice, 3)] * 12) == 7
    assert balances(alice) == (1, 21, 0) and list(differences()) == []


def test_each_lot_is_emptied_while_others_wait_for_it(alice: Cast) -> None:
    """All see the same first lot, and most find it empty when their turn comes."""
    for days in range(1, 7):
        given(alice, 1, days=days)
    assert race(*[partial(hold, alice)] * 24) == 16
    assert balances(alice) == (0, 16, 0) and list(differences()) == []


def test_the_last_photo(alice: Cast) -> None:
    hold(alice, 9)
    assert race(partial(hold, alice), partial(hold, alice)) == 1
    assert balances(alice) == (0, 10, 0)


def test_two_press_release_together(alice: Cast) -> None:
    for _ in range(5):
        release = partial(end, alice, hold(alice, 2), quota.release_photos)
        assert race(release, release) == 1
    assert balances(alice) == (10, 0, 0) and entries(alice, "release") == [2] * 5


def test_a_release_and_a_charge_together(alice: Cast) -> None:
    ends = (quota.release_photos, quota.capture_photos)
    for _ in range(5):
        job = hold(alice)
        assert race(*[partial(end, alice, job, function) for function in ends]) == 1
    assert list(differences()) == [] and sum(balances(alice)) == 10


def test_two_refunds_together(alice: Cast) -> None:
    job = captured(alice)
    assert race(*[partial(refund, alice, job)] * 4) == 1
    assert balances(alice) == (10, 0, 1)


def test_sweeps_together(alice: Cast) -> None:
    given(alice, 5, days=1)
    pass_days(alice, 2)
    set_plan(agency=alice.agency, photos_per_month=40, actor_id="dana")
    hold(alice, 1, Mode.TEST)
    quota.remove_photos(
        agency_id=alice.agency.pk, mode=Mode.TEST, photos=9, reason="a test", actor_id=""
    )
    at_once(*[expire_lots, grant_due_subscriptions, refill_test_photos] * 3)
    assert balances(alice) == (50, 0, 0) and balances(alice, Mode.TEST) == (999, 1, 0)
    assert entries(alice, "expire") == [5] and list(differences()) == []


def test_expiry_and_release_together(alice: Cast) -> None:
    """Whoever is first, what was not held is gone and what comes back has its week."""
    given(alice, 5, days=1)
    for _ in range(4):
        job = hold(alice, 2)
        pass_days(alice, 8)
        at_once(partial(end, alice, job, quota.release_photos), expire_lots)
        assert balances(alice) == (12, 0, 0)
    assert entries(alice, "expire") == [3] and list(differences()) == []
