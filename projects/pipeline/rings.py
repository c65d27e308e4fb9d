"""What follows from a ring of the doorbell (projects/callbacks.py): the job is due for a `get`, at
most one each SPACING, however often it rang."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from integrations.doors.clock import database_now
from projects import effects
from projects import transitions as t
from projects.choices import TERMINAL, AttemptOutcome, Status
from projects.models import Attempt, CallbackReceipt, Discrepancy, Generation
from projects.pipeline.poll import SPACING

logger = logging.getLogger(__name__)
# A flood on one token is remembered up to here, and a few ids more: the true one may be behind it.
MAX_RECEIPTS = 20
MAX_CANDIDATES = 5
NOT_TAKEN = frozenset(
    {AttemptOutcome.NOT_SENT, AttemptOutcome.RATE_LIMITED, AttemptOutcome.ACCOUNT_FAULT,
     AttemptOutcome.REFUSED}
)  # fmt: skip


def rung_attempts(aside: Collection[int]) -> QuerySet[Attempt]:
    """Those whose doorbell rang since the sweep last looked."""
    waiting = CallbackReceipt.objects.filter(handled_at=None).exclude(attempt__in=aside)
    return Attempt.objects.filter(pk__in=waiting.values("attempt")).order_by("pk")


@transaction.atomic
def answer(attempt: Attempt) -> None:
    """Make the job due, and forget the rest of a flood."""
    # The lock shows the poll that was just begun. It is the generation's, because a transition
    # locks that one first, then the attempt.
    generation = Generation.objects.select_for_update().get(pk=attempt.generation_id)
    receipts = list(attempt.callbacks.order_by("pk"))
    _note(attempt, generation)
    _make_due(generation)
    _settle(attempt, receipts)


def _settle(attempt: Attempt, receipts: list[CallbackReceipt]) -> None:
    surplus = _surplus(receipts)
    CallbackReceipt.objects.filter(pk__in=surplus).delete()
    seen = CallbackReceipt.objects.filter(pk__in=[receipt.pk for receipt in receipts])
    seen.filter(handled_at=None).update(handled_at=database_now())


def _surplus(receipts: list[CallbackReceipt]) -> list[int]:
    """A receipt is worth its row when it is one of the first, or names a new id."""
    known: set[str] = set()
    surplus = []
    for number, receipt in enumerate(receipts):
        named = receipt.candidate_id
        is_new = bool(named) and named not in known and len(known) < MAX_CANDIDATES
        if is_new:
            known.add(named)
        if (named and named not in known) or (number >= MAX_RECEIPTS and not is_new):
            surplus.append(receipt.pk)
    return surplus


def _note(attempt: Attempt, generation: Generation) -> None:
    """iacrea has the job: support must know it where we did not, or believed otherwise."""
    Discrepancy.objects.filter(generation=generation, rung=False).update(rung=True)
    if attempt.outcome in NOT_TAKEN:
        detail = {"rang": attempt.number, "though": attempt.outcome}
        effects.tell_anomaly(generation, t.CONTRADICT, detail)


def _make_due(generation: Generation) -> None:
    now = database_now()
    polled = generation.last_polled_at
    due = max(now, polled + SPACING) if polled else now
    row = Generation.objects.filter(pk=generation.pk)
    if generation.status in TERMINAL:
        _look_again(generation, due)
    elif generation.status == Status.PROCESSING or (
        generation.status == Status.UNCONFIRMED and generation.has_candidate
    ):
        row.filter(due_at__gt=due).update(due_at=due)


def _look_again(generation: Generation, due: datetime) -> None:
    """A late success, or a contradiction; for a week after the end."""
    asks = generation.upstream_id or (
        generation.failure_code in t.LATE
        and (generation.has_candidate or generation.attempts.exclude(upstream_id="").exists())
    )
    assert generation.ended_at, "it has ended"
    if not asks or hasattr(generation, "recovered_as"):
        return
    if due > generation.ended_at + timedelta(seconds=settings.LATE_WATCH_S):
        logger.info("generation %s was rung for too late", generation.pk)
        return
    row = Generation.objects.filter(pk=generation.pk)
    row.filter(Q(look_again_at=None) | Q(look_again_at__gt=due)).update(look_again_at=due)
