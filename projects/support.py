"""What support may do to a job, with a reason: each is one transaction with its audit entry."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.choices import Mode, StaffReason
from accounts.exceptions import AlreadyRefunded, NothingCaptured
from accounts.selectors import is_refunded
from accounts.services import refund_captured_photos
from accounts.staff.command import NotNow
from integrations.doors.clock import database_now
from integrations.iacrea.accounts import client_for
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import due, late, poll
from projects.pipeline.poll import SPACING


def release(job: Generation, *, actor_id: str, reason: str) -> bool:
    """T14, T15 or T18 before their time, or T2: the job ends and its photo comes back. False: it
    had ended, or moved on in this moment."""
    if job.is_terminal:
        return False
    check_endable(job)
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
    check_pollable(job)
    now = database_now()
    moment = max(now, job.last_polled_at + SPACING) if job.last_polled_at else now
    if job.due_at and job.due_at <= moment:
        return False
    with transaction.atomic():
        moved = due.claim(job, moment)
        if moved:
            _record(job, "generation.poll_now", actor_id, reason)
    return moved


def bind(job: Generation, upstream_id: str, *, actor_id: str, reason: str) -> bool:
    """T10, by an id that support found in iacrea's books. False: it moved on in this moment."""
    check_bindable(job)
    _check_id(job, upstream_id)
    # Outside the transaction: iacrea may take 20 s to answer.
    heard = poll.ask(client_for(job.account), upstream_id)
    if heard.state is None or heard.state.status not in late.KNOWN:
        raise NotNow(_("iacrea does not know this id, or does not answer now."))
    with transaction.atomic():
        moved = lifecycle.adopt(job, upstream_id, actor_id=actor_id)
        if moved:
            _record(job, "generation.bind", actor_id, reason)
    return moved


def refund(job: Generation, *, code: StaffReason, actor_id: str, reason: str) -> bool:
    """Make good what was charged, by a lot of goodwill; its audit entry is written with it. False:
    it was made good before."""
    try:
        refund_captured_photos(
            agency=job.agency, mode=Mode(job.mode), generation_id=job.pk, actor_id=actor_id,
            reason=code, note=reason,
        )  # fmt: skip
    except NothingCaptured:
        raise NotNow(_("Nothing was charged for this job.")) from None
    except AlreadyRefunded:
        return False
    return True


def check_endable(job: Generation) -> None:
    if job.is_terminal:
        raise NotNow(_("It has ended."))
    if job.status == Status.SUBMITTING:
        raise NotNow(_("It is being sent. In three minutes at most it is known what became of it."))


def check_pollable(job: Generation) -> None:
    if job.status != Status.PROCESSING:
        raise NotNow(_("iacrea can only be asked about a job that it is working on."))


def check_bindable(job: Generation) -> None:
    if job.status != Status.UNCONFIRMED:
        raise NotNow(_("Only a job of which nobody knows whether iacrea took it can be bound."))


def check_refundable(job: Generation) -> None:
    if not job.charged:
        raise NotNow(_("Nothing was charged for this job."))
    if is_refunded(job.pk):
        raise NotNow(_("It was given back already."))


def _check_id(job: Generation, upstream_id: str) -> None:
    if late.is_sending(job.account):
        raise NotNow(_("Jobs are being sent, and the id may be of one of them. Try again soon."))
    if not late.is_free(job, upstream_id):
        raise NotNow(_("This id belongs to another job."))


def _record(job: Generation, action: str, actor_id: str, reason: str) -> None:
    audit.record(
        agency=job.agency,
        action=action,
        target=str(job.pk),
        actor_id=actor_id,
        reason=reason,
        detail={"was": job.status},
    )
