"""The doorbell that iacrea rings when a job ends. Its body is never believed."""

import hashlib

from django.db import transaction

from integrations.doors.clock import database_now
from projects import sweeper
from projects.choices import Status
from projects.models import Attempt, CallbackReceipt, Generation
from projects.pipeline.poll import SPACING

# A flood on one token is remembered up to here; the rings beyond tell nothing more.
MAX_RECEIPTS = 20


@transaction.atomic
def ring(token: str) -> bool:
    """Make the job due for a `get`; at most one each SPACING. False for an unknown token."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    attempt = Attempt.objects.filter(token_sha256=hashed).first()
    if attempt is None:
        return False
    # The lock counts a flood's calls one by one, and shows the poll that was just begun. It is the
    # generation's, because a transition locks that one first, then the attempt.
    generation = Generation.objects.select_for_update().get(pk=attempt.generation_id)
    if attempt.callbacks.count() < MAX_RECEIPTS:
        CallbackReceipt.objects.create(attempt=attempt)
    _make_due(generation)
    sweeper.ensure()
    return True


def _make_due(generation: Generation) -> None:
    now = database_now()
    polled = generation.last_polled_at
    due = max(now, polled + SPACING) if polled else now
    waiting = Generation.objects.filter(pk=generation.pk, status=Status.PROCESSING)
    waiting.filter(due_at__gt=due).update(due_at=due)
