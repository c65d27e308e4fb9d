"""The doorbell that iacrea rings when a job ends. Its body is never believed; all that is read of
it is an id that may be asked for, where none is known (T10, T17)."""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from integrations.doors.clock import database_now
from projects import effects, sweeper
from projects import transitions as t
from projects.choices import TERMINAL, AttemptOutcome, Status
from projects.models import Attempt, CallbackReceipt, Discrepancy, Generation
from projects.pipeline.poll import SPACING

logger = logging.getLogger(__name__)
# A flood on one token is remembered up to here; the rings beyond tell nothing more, except that a
# few ids more are taken in: the true one may be behind the flood.
MAX_RECEIPTS = 20
MAX_CANDIDATES = 5
MAX_BODY = 64 * 1024
MAX_ID_LENGTH = 200
NOT_TAKEN = frozenset(
    {AttemptOutcome.NOT_SENT, AttemptOutcome.RATE_LIMITED, AttemptOutcome.ACCOUNT_FAULT,
     AttemptOutcome.REFUSED}
)  # fmt: skip


def ring(token: str, body: bytes = b"") -> bool:
    """Make the job due for a `get`; at most one each SPACING. False for an unknown token."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    candidate = candidate_in(body)
    with transaction.atomic():
        attempt = Attempt.objects.filter(token_sha256=hashed).first()
        if attempt is None:
            return False
        # The lock counts a flood's calls one by one, and shows the poll that was just begun. It is
        # the generation's, because a transition locks that one first, then the attempt.
        generation = Generation.objects.select_for_update().get(pk=attempt.generation_id)
        if _store(attempt, candidate):
            _note(attempt, generation)
        _make_due(generation)
        sweeper.ensure()
    return True


def candidate_in(body: bytes) -> str:
    """The id that the body names, if it could be one; nothing else of it is read."""
    if len(body) > MAX_BODY:
        return ""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""  # a ring without an id rings all the same
    found = said.get("generation_id") if isinstance(said, dict) else None
    # Also no NUL and no lone surrogate, which no database takes.
    usable = isinstance(found, str) and found.isprintable() and len(found) <= MAX_ID_LENGTH
    return str(found) if usable else ""


def _store(attempt: Attempt, candidate: str) -> bool:
    known = set(attempt.callbacks.exclude(candidate_id="").values_list("candidate_id", flat=True))
    is_new = bool(candidate) and candidate not in known and len(known) < MAX_CANDIDATES
    if attempt.callbacks.count() >= MAX_RECEIPTS and not is_new:
        return False
    if candidate and not is_new and candidate not in known:
        candidate = ""
    CallbackReceipt.objects.create(attempt=attempt, candidate_id=candidate)
    return True


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
