"""What support may do to a job, with a reason: each is one transaction with its audit entry."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.staff import NotNow
from integrations.doors.clock import database_now
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import due
from projects.pipeline.poll import SPACING


def release(job: Generation, *, actor_id: str, reason: str) -> bool:
    """T14, T15 or T18 before their time, or T2: the job ends and its photo comes back. False: it
    had ended, or moved on in this moment."""
    if job.status == Status.SUBMITTING:
        raise NotNow(_("It is being sent. In three minutes at most it is known what became of it."))
    if job.is_terminal:
        return False
    with transaction.atomic():
        end = lifecycle.cancel if job.status == Status.QUEUED else lifecycle.expire
        ended = end(job, actor_id=actor_id)
        if ended:
            _record(job, "generation.release", actor_id, reason)
    return ended


def poll_now(job: Generation, *, actor_id: str, reason: str) -> bool:
    """Ask iacrea at the next pass of the sweep. False: it has ended, or is due already."""
    if job.is_terminal:
        return False
    if job.status != Status.PROCESSING:
        raise NotNow(_("iacrea can only be asked about a job that it is working on."))
    now = database_now()
    moment = max(now, job.last_polled_at + SPACING) if job.last_polled_at else now
    if job.due_at and job.due_at <= moment:
        return False
    with transaction.atomic():
        moved = due.claim(job, moment)
        if moved:
            _record(job, "generation.poll_now", actor_id, reason)
    return moved


def _record(job: Generation, action: str, actor_id: str, reason: str) -> None:
    audit.record(
        agency=job.agency,
        action=action,
        target=str(job.pk),
        actor_id=actor_id,
        reason=reason,
        detail={"was": job.status},
    )
