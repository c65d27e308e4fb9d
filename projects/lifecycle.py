"""The only writer of a generation's status.

Each function is one transition of projects/transitions.py: one transaction that compares and sets
(`UPDATE … WHERE id AND status AND attempt`), looks at the row count, and writes what goes with it
(projects/effects.py). False means that somebody else moved the row first: the caller drops what it
knows.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.choices import Mode
from accounts.quota import lock_quota
from integrations.doors.clock import database_now
from integrations.doors.inserts import insert
from projects import effects
from projects import transitions as t
from projects.choices import TERMINAL, AttemptOutcome, Status
from projects.models import Attempt, Generation, Project


def accept(
    generation: Generation, *, now: datetime, actor_id: str, project_is_new: bool = False
) -> Generation:
    """T1, in the caller's transaction: store the job and hold its photos. Raises NoPhotosLeft.
    `project_is_new`: its project was made in this transaction, and nobody has seen it yet."""
    generation.status, generation.status_since, generation.due_at = Status.QUEUED, now, now
    insert(generation)
    effects.write_line(generation, "accepted", {"price": generation.price, **effects.asked_by()})
    # Nearly last: from here on to the commit nobody else of this agency is served. Not after the
    # project, which every other transition locks after the photos.
    effects.hold(generation, actor_id)
    if not project_is_new:
        # Out of the bin as well, whatever the caller read: it would erase the new picture too.
        effects.mark_changed(generation, removed_at=None)
    return generation


@transaction.atomic
def take_over(generation: Generation) -> Generation:
    """T21: a job that iacrea has finished, for an agency that moves in; free. IntegrityError when
    another generation holds its upstream id."""
    now = database_now()
    generation.status, generation.status_since, generation.due_at = Status.ARCHIVING, now, now
    generation.price, generation.upstream_started = 0, True
    generation.save(force_insert=True)
    story = {"transition": t.TAKE_OVER.name, **effects.asked_by()}
    effects.tell(generation, "archiving", story)
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
        effects.tell(generation, "inputs_ready")
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
    """T5. An id that another generation already holds is no proof of anything: T8. One that comes
    too late is kept, and asked for once the job has ended: T17."""
    # The doorbell may have rung before this answer was read: then the job is due at once.
    wait = 0 if attempt.callbacks.exists() else settings.FIRST_POLL_S
    due = database_now() + timedelta(seconds=wait)
    known = {"upstream_origin": attempt.generation.account.origin, "upstream_id": upstream_id}
    try:
        with transaction.atomic():
            moved = _end_attempt(
                t.BIND, attempt, AttemptOutcome.ACCEPTED, evidence, due_at=due, **known
            )
            Attempt.objects.filter(pk=attempt.pk).update(upstream_id=upstream_id)
            if not moved:
                _keep_late_id(attempt, upstream_id, due)
    except IntegrityError:
        effects.tell_anomaly(attempt.generation, t.BIND, {"bound_elsewhere": upstream_id})
        return doubt(attempt, {**evidence, "bound_elsewhere": upstream_id})
    return moved


def adopt(generation: Generation, upstream_id: str, *, actor_id: str = "") -> bool:
    """T10: `get` knows the id that a callback of this attempt, or staff, has named, and it is
    nobody's. A restored job may have no attempt."""
    due = database_now() + timedelta(seconds=settings.POLL_MIN_S)
    known = {"upstream_origin": generation.account.origin, "upstream_id": upstream_id}
    where = {"attempt": generation.attempt}
    latest = Attempt.objects.filter(generation=generation, number=generation.attempt)
    try:
        with transaction.atomic():
            moved = _fire(t.ADOPT, generation, where=where, due_at=due, actor_id=actor_id, **known)
            if moved:
                latest.update(upstream_id=upstream_id)
    except IntegrityError:
        effects.tell_anomaly(generation, t.ADOPT, {"bound_elsewhere": upstream_id})
        return False
    return moved


def refuse_upstream(attempt: Attempt, evidence: dict[str, Any], detail: str) -> bool:
    """T7."""
    return _end_attempt(
        t.REFUSE_UPSTREAM, attempt, AttemptOutcome.REFUSED, evidence, failure_detail=detail
    )


def doubt(attempt: Attempt, evidence: dict[str, Any]) -> bool:
    """T8: it may have been taken, so it is never sent again."""
    due = _due_in_doubt(attempt.generation)
    return _end_attempt(t.DOUBT, attempt, AttemptOutcome.UNCLEAR, evidence, due_at=due)


def lose_lease(generation: Generation) -> bool:
    """T9: whoever was sending it is dead or asleep."""
    due = _due_in_doubt(generation)
    return _fire(t.LOSE_LEASE, generation, where={"attempt": generation.attempt}, due_at=due)


def restore(generation: Generation) -> bool:
    """T20: what became of it after the backup was taken is not known here, but to iacrea."""
    due = _due_in_doubt(generation)
    return _fire(t.RESTORE, generation, where={"attempt": generation.attempt}, due_at=due)


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


def expire(generation: Generation, *, actor_id: str = "") -> bool:
    """T2b, T14, T15 or T18: the deadline of the status it is in has passed."""
    by_status = {
        Status.QUEUED: t.GIVE_UP_QUEUED,
        Status.ARCHIVING: t.LOSE_RESULT,
        Status.UNCONFIRMED: t.GIVE_UP_UNCONFIRMED,
        Status.PROCESSING: t.TIME_OUT,
    }
    transition = by_status[Status(generation.status)]
    look = _first_look(transition, generation)
    return _fire(transition, generation, actor_id=actor_id, look_again_at=look)


def recover(lost: Generation, upstream_id: str, urls: list[str]) -> Generation | None:
    """T17: a late success becomes a second, free generation, which takes over the upstream id. None
    when there is one already, or the id is another generation's."""
    try:
        with transaction.atomic():
            found = Generation.objects.select_for_update().get(pk=lost.pk)
            late = found.status == Status.FAILED and found.failure_code in t.LATE
            if not late or found.erased_at or hasattr(found, "recovered_as"):
                return None
            # Let go of it first: the id is unique over all generations.
            Generation.objects.filter(pk=lost.pk).update(upstream_id="", look_again_at=None)
            return _bear(found, upstream_id, urls)
    except IntegrityError:
        effects.tell_anomaly(lost, t.RECOVER, {"bound_elsewhere": upstream_id})
        return None


def contradict(generation: Generation, heard: str) -> bool:
    """T19: what was charged or given back stays so."""
    return effects.tell_anomaly(generation, t.CONTRADICT, {"heard": heard})


def _bear(lost: Generation, upstream_id: str, urls: list[str]) -> Generation:
    now = database_now()
    same = (
        "agency_id", "mode", "project_id", "author_id", "source", "parent_id", "root_id",
        "room_type", "photo_id", "mask_id", "image_url", "mask_url", "width", "height",
        "inputs_ready_at", "account_id",
    )  # fmt: skip
    born = Generation.objects.create(
        **{name: getattr(lost, name) for name in same},
        recovered_from=lost,
        price=0,
        status=Status.ARCHIVING,
        status_since=now,
        due_at=now,
        upstream_origin=lost.upstream_origin or lost.account.origin,
        upstream_id=upstream_id,
        upstream_started=True,
        result_urls=urls,
    )
    effects.tell(lost, "recovered_as", {"transition": t.RECOVER.name, "id": str(born.pk)})
    effects.tell(born, "archiving", {"transition": t.RECOVER.name, **effects.asked_by()})
    return born


def _due_in_doubt(generation: Generation) -> datetime:
    """At the deadline, or at once when iacrea has already named an id: T10."""
    wait = 0 if generation.has_candidate else settings.UNCONFIRMED_DEADLINE_S
    return database_now() + timedelta(seconds=wait)


def _first_look(transition: t.Transition, generation: Generation) -> datetime | None:
    """When to ask about a job that has ended: its late success is T17."""
    if transition is t.TIME_OUT:
        return database_now() + timedelta(seconds=settings.LATE_POLL_S)
    unclear = transition is t.GIVE_UP_UNCONFIRMED
    return database_now() if unclear and generation.has_candidate else None


def _keep_late_id(attempt: Attempt, upstream_id: str, look_at: datetime) -> None:
    """The answer came after T15; or after T10, and then it must name the same id."""
    current = Generation.objects.filter(pk=attempt.generation_id, attempt=attempt.number)
    current.filter(status=Status.FAILED, failure_code__in=t.LATE, upstream_id="").update(
        look_again_at=look_at
    )
    if wrong := current.exclude(upstream_id__in=["", upstream_id]).first():
        effects.tell_anomaly(wrong, t.ADOPT, {"answered": upstream_id})


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
    assert transition.target is not None
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
            effects.of_move(transition, Generation.objects.get(pk=generation.pk), actor_id)
    return bool(moved)
