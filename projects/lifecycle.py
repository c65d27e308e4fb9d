"""The only writer of a generation's status.

Each function is one transition of projects/transitions.py: one transaction that compares and sets
(`UPDATE … WHERE id AND status AND attempt`), looks at the row count, and writes ledger, event and
outgoing rows. False means that somebody else moved the row first: the caller drops what it knows.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.choices import Mode
from accounts.quota import capture_photos, hold_photos, lock_quota, release_photos
from integrations.doors.clock import database_now
from integrations.webhooks.deliveries import write_delivery
from projects import transitions as t
from projects.choices import TERMINAL, AttemptOutcome, Status
from projects.models import Attempt, Generation, GenerationEvent, Project
from projects.representation import job_state

logger = logging.getLogger(__name__)


@transaction.atomic
def accept(generation: Generation, *, actor_id: str) -> Generation:
    """T1: store the job and hold its photos. Raises NoPhotosLeft, and then nothing is stored."""
    now = database_now()
    generation.status, generation.status_since, generation.due_at = Status.QUEUED, now, now
    if generation.price:
        hold_photos(
            agency_id=generation.agency_id,
            mode=Mode(generation.mode),
            generation_id=generation.pk,
            photos=generation.price,
            actor_id=actor_id,
        )
    generation.save(force_insert=True)
    _tell(generation, "accepted", {"price": generation.price})
    return generation


def mark_inputs_ready(generation: Generation, **inputs: Any) -> bool:
    """T1b: the photo and the mask are ours now; `inputs` are the fields that changed."""
    with transaction.atomic():
        waiting = Generation.objects.filter(
            pk=generation.pk, status=Status.QUEUED, inputs_ready_at=None
        )
        now = database_now()
        if not waiting.update(inputs_ready_at=now, due_at=now, **inputs):
            return False
        if "photo" in inputs:
            Project.objects.filter(pk=generation.project_id, photo=None).update(
                photo=inputs["photo"]
            )
        _tell(generation, "inputs_ready")
    return True


def cancel(generation: Generation, *, actor_id: str) -> bool:
    """T2."""
    return _fire(t.CANCEL, generation, actor_id=actor_id)


def refuse_inputs(generation: Generation, detail: str) -> bool:
    """T6; `detail` is a code such as `image_unreachable`."""
    return _fire(t.REFUSE_INPUTS, generation, failure_detail=detail)


def open_attempt(generation: Generation, token_sha256: str) -> Attempt | None:
    """T3: committed before any socket opens. None when somebody else dispatches the job."""
    with transaction.atomic():
        now = database_now()
        lease = now + timedelta(seconds=settings.SUBMIT_LEASE_S)
        number = generation.attempt + 1
        where = {"attempt": generation.attempt, "inputs_ready_at__isnull": False}
        if not _fire(t.OPEN_ATTEMPT, generation, where=where, due_at=lease, attempt=number):
            return None
        return Attempt.objects.create(
            generation_id=generation.pk,
            number=number,
            token_sha256=token_sha256,
            opened_at=now,
            lease_until=lease,
        )


def requeue(
    attempt: Attempt, outcome: AttemptOutcome, evidence: dict[str, Any], *, wait: timedelta
) -> bool:
    """T4: proven that iacrea did not take it; sent again after `wait`."""
    due = database_now() + wait
    return _end_attempt(t.REQUEUE, attempt, outcome, evidence, due_at=due)


def bind(attempt: Attempt, upstream_id: str, evidence: dict[str, Any]) -> bool:
    """T5. An id that another generation already holds is no proof of anything: T8."""
    account = attempt.generation.account
    # The doorbell may have rung before this answer was read: then the job is due at once.
    wait = 0 if attempt.callbacks.exists() else settings.FIRST_POLL_S
    try:
        return _end_attempt(
            t.BIND,
            attempt,
            AttemptOutcome.ACCEPTED,
            evidence,
            due_at=database_now() + timedelta(seconds=wait),
            upstream_origin=account.origin,
            upstream_id=upstream_id,
        )
    except IntegrityError:
        logger.error("generation %s was given an id that is another's", attempt.generation_id)
        return doubt(attempt, {**evidence, "bound_elsewhere": upstream_id})


def refuse_upstream(attempt: Attempt, evidence: dict[str, Any], detail: str) -> bool:
    """T7."""
    return _end_attempt(
        t.REFUSE_UPSTREAM, attempt, AttemptOutcome.REFUSED, evidence, failure_detail=detail
    )


def doubt(attempt: Attempt, evidence: dict[str, Any]) -> bool:
    """T8: it may have been taken, so it is never sent again."""
    due = database_now() + timedelta(seconds=settings.UNCONFIRMED_DEADLINE_S)
    return _end_attempt(t.DOUBT, attempt, AttemptOutcome.UNCLEAR, evidence, due_at=due)


def lose_lease(generation: Generation) -> bool:
    """T9: whoever was sending it is dead or asleep."""
    due = database_now() + timedelta(seconds=settings.UNCONFIRMED_DEADLINE_S)
    return _fire(t.LOSE_LEASE, generation, where={"attempt": generation.attempt}, due_at=due)


def found_result(generation: Generation, urls: list[str]) -> bool:
    """T11."""
    return _fire(t.FOUND_RESULT, generation, due_at=database_now(), result_urls=urls)


def succeed(generation: Generation) -> bool:
    """T12: the pictures are in the agency's hands, so the photos are charged."""
    return _fire(t.SUCCEED, generation)


def fail_upstream(generation: Generation) -> bool:
    """T13, if the FAILED that was read first still stands."""
    first = {"upstream_failed_at": generation.upstream_failed_at}
    return _fire(t.FAIL_UPSTREAM, generation, where=first)


def expire(generation: Generation) -> bool:
    """T2b, T14, T15 or T18: the deadline of the status it is in has passed."""
    by_status = {
        Status.QUEUED: t.GIVE_UP_QUEUED,
        Status.ARCHIVING: t.LOSE_RESULT,
        Status.UNCONFIRMED: t.GIVE_UP_UNCONFIRMED,
        Status.PROCESSING: t.TIME_OUT,
    }
    return _fire(by_status[Status(generation.status)], generation)


def _end_attempt(
    transition: t.Transition,
    attempt: Attempt,
    outcome: AttemptOutcome,
    evidence: dict[str, Any],
    **changes: Any,
) -> bool:
    """Close an attempt and move its generation, if this attempt still owns it."""
    with transaction.atomic():
        moved = _fire(transition, attempt.generation, where={"attempt": attempt.number}, **changes)
        Attempt.objects.filter(pk=attempt.pk, outcome=AttemptOutcome.OPEN).update(
            outcome=outcome, evidence=evidence, ended_at=database_now()
        )
    return moved


def _fire(
    transition: t.Transition,
    generation: Generation,
    *,
    where: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    actor_id: str = "",
    **changes: Any,
) -> bool:
    """Compare and set; the quota row is locked first, because every ledger write does so."""
    with transaction.atomic():
        if transition.effect is not t.Effect.NONE:
            lock_quota(generation.agency_id, Mode(generation.mode))
        now = database_now()
        if transition.target in TERMINAL:
            changes |= {"ended_at": now, "failure_code": transition.failure_code}
        unmoved = Generation.objects.filter(
            pk=generation.pk, status__in=transition.sources, **(where or {})
        )
        moved = unmoved.update(
            status=transition.target, status_since=now, due_at=due_at, hinted_at=None, **changes
        )
        if moved:
            _finish(transition, generation.pk, actor_id)
    return bool(moved)


def _finish(transition: t.Transition, generation_id: UUID, actor_id: str) -> None:
    generation = Generation.objects.get(pk=generation_id)
    _apply_effect(transition, generation, actor_id)
    detail = {"transition": transition.name}
    if generation.failure_code:
        detail |= {"code": generation.failure_code, "detail": generation.failure_detail}
    _tell(generation, transition.target.lower(), detail)
    if transition.target in TERMINAL and generation.webhook:
        _ring_webhook(generation)


def _apply_effect(transition: t.Transition, generation: Generation, actor_id: str) -> None:
    job: dict[str, Any] = {
        "agency_id": generation.agency_id,
        "mode": Mode(generation.mode),
        "generation_id": generation.pk,
    }
    if transition.effect is t.Effect.CAPTURE:
        charged = capture_photos(**job, reason="succeeded")
        Generation.objects.filter(pk=generation.pk).update(charged=charged)
    elif transition.effect is t.Effect.RELEASE:
        release_photos(**job, reason=transition.failure_code, actor_id=actor_id)


def _tell(generation: Generation, kind: str, detail: dict[str, Any] | None = None) -> None:
    GenerationEvent.objects.create(generation_id=generation.pk, kind=kind, detail=detail or {})
    Project.objects.filter(pk=generation.project_id).update(
        version=F("version") + 1, updated_at=database_now()
    )


def _ring_webhook(generation: Generation) -> None:
    outcome = "succeeded" if generation.status == Status.SUCCEEDED else "failed"
    write_delivery(
        agency_id=generation.agency_id,
        mode=Mode(generation.mode),
        event_type=f"generation.{outcome}",
        subject_id=generation.pk,
        url=generation.webhook,
        body={"generation_id": str(generation.pk), **job_state(generation)},
    )
