"""Transitions: the evidence moves a job once, and its photos with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.choices import EntryKind, Mode
from accounts.ledger_audit import differences
from accounts.models import LedgerEntry
from accounts.selectors import quota_of
from integrations.webhooks.models import Delivery
from projects import lifecycle
from projects.choices import LIVE, TERMINAL, AttemptOutcome, Status
from projects.models import Generation
from projects.transitions import ALL, Effect
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db


def kinds(generation: Generation) -> list[str]:
    entries = LedgerEntry.objects.filter(generation_id=generation.pk)
    return sorted(entries.values_list("kind", flat=True))


def test_accepting_holds_the_photo(alice: Cast) -> None:
    generation = queued_generation(alice)
    assert generation.status == Status.QUEUED
    assert kinds(generation) == [EntryKind.HOLD]
    assert quota_of(alice.agency, Mode.LIVE).held == 1


def test_success_charges_once(alice: Cast) -> None:
    generation = succeeded_generation(alice)
    assert generation.charged == 1
    assert kinds(generation) == [EntryKind.CAPTURE, EntryKind.HOLD]
    assert not lifecycle.succeed(generation)
    assert list(differences()) == []


def test_failure_gives_back_once(alice: Cast) -> None:
    generation = processing_generation(alice)
    assert lifecycle.fail_upstream(generation)
    assert not lifecycle.fail_upstream(generation)
    assert kinds(generation) == [EntryKind.HOLD, EntryKind.RELEASE]
    row = quota_of(alice.agency, Mode.LIVE)
    assert (row.available, row.held, row.consumed) == (10, 0, 0)


def test_two_dispatchers_open_one_attempt(alice: Cast) -> None:
    generation = queued_generation(alice)
    stale = Generation.objects.get(pk=generation.pk)
    assert lifecycle.open_attempt(generation, "a" * 64)
    assert lifecycle.open_attempt(stale, "b" * 64) is None


def test_an_attempt_that_lost_its_lease_decides_nothing(alice: Cast) -> None:
    generation = queued_generation(alice)
    attempt = lifecycle.open_attempt(generation, "a" * 64)
    assert attempt
    generation.refresh_from_db()
    assert lifecycle.lose_lease(generation)
    generation.refresh_from_db()
    assert generation.status == Status.UNCONFIRMED
    assert lifecycle.expire(generation)
    assert not lifecycle.bind(attempt, "late", {})
    assert kinds(generation) == [EntryKind.HOLD, EntryKind.RELEASE]


def test_an_upstream_id_belongs_to_one_job(alice: Cast) -> None:
    first = processing_generation(alice, "the-same")
    second = queued_generation(alice)
    attempt = lifecycle.open_attempt(second, "c" * 64)
    assert attempt and lifecycle.bind(attempt, "the-same", {})
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.status == Status.UNCONFIRMED and first.status == Status.PROCESSING
    attempt.refresh_from_db()
    assert attempt.outcome == AttemptOutcome.UNCLEAR


def test_cancel_works_only_before_sending(alice: Cast) -> None:
    waiting, sent = queued_generation(alice), processing_generation(alice)
    assert lifecycle.cancel(waiting, actor_id="alice")
    assert not lifecycle.cancel(sent, actor_id="alice")
    waiting.refresh_from_db()
    assert waiting.public_status == "FAILED" and waiting.failure_code == "canceled"


def test_the_callers_webhook_is_written_with_the_end(alice: Cast) -> None:
    generation = processing_generation(alice)
    Generation.objects.filter(pk=generation.pk).update(webhook="https://example.org/hook")
    lifecycle.fail_upstream(generation)
    delivery = Delivery.objects.get(subject_id=generation.pk)
    assert delivery.event_type == "generation.failed" and '"FAILED"' in delivery.body


def test_the_database_refuses_what_must_never_be(alice: Cast) -> None:
    generation = processing_generation(alice)
    rows = Generation.objects.filter(pk=generation.pk)
    for wrong in ({"charged": 1}, {"failure_code": "timed_out"}, {"status": Status.FAILED}):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows.update(**wrong)


def test_a_released_lot_lives_on(alice: Cast) -> None:
    generation = queued_generation(alice)
    lot = alice.agency.photo_lots.get(mode="live")
    alice.agency.photo_lots.filter(pk=lot.pk).update(
        usable_until=timezone.now() - timedelta(days=1)
    )
    lifecycle.cancel(generation, actor_id=str(uuid4()))
    lot.refresh_from_db()
    assert lot.usable_until > timezone.now() + timedelta(days=6)


def test_the_table_is_sound() -> None:
    """Terminal statuses have no exit and end the hold; our own clock ends each live one."""
    moves = [row for row in ALL if row.target and row.sources]
    assert not any(row.sources & TERMINAL for row in moves)
    assert set().union(*(row.sources for row in moves if row.by_clock)) == LIVE
    for row in moves:
        assert (row.effect is Effect.NONE) == (row.target not in TERMINAL)
        assert bool(row.failure_code) == (row.target in TERMINAL - {Status.SUCCEEDED})
    assert [row.name for row in ALL if row.effect is Effect.HOLD] == ["T1"]
    names = ["T1", "T1b", "T2", "T2b", *(f"T{n}" for n in range(3, 22) if n != 16)]
    assert [row.name for row in ALL] == names
