"""An agency asks the operator for photos, and support answers: docs/usage.md."""

import logging
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.choices import LotSource, Mode, NotificationKind, StaffReason
from accounts.models import Agency, Membership, PhotoRequest
from accounts.notifications import notify
from accounts.quota import grant_photos, lock_quota
from accounts.selectors import owners_of
from integrations.doors import queue
from integrations.doors.clock import database_now

logger = logging.getLogger(__name__)


def open_request(agency: Agency) -> PhotoRequest | None:
    rows = PhotoRequest.objects.for_agency(agency).select_related("author__user")
    return rows.filter(closed_at=None).first()


def last_answer(agency: Agency) -> PhotoRequest | None:
    """The newest that is closed."""
    closed = PhotoRequest.objects.for_agency(agency).exclude(closed_at=None)
    return closed.order_by("-closed_at").first()


@transaction.atomic
def ask(author: Membership, *, photos: int, message: str = "") -> bool:
    """False: the agency has asked before and waits; nothing was written."""
    request, is_new = PhotoRequest.objects.get_or_create(
        agency=author.agency,
        closed_at=None,
        defaults={"author": author, "photos": photos, "message": message},
    )
    if is_new:
        audit.record(
            agency=author.agency,
            action="photo_request.asked",
            target=str(request.pk),
            actor_id=str(author.user_id),
            detail={"photos": photos},
        )
        queue.enqueue("projects.tasks.mail_photo_request", str(request.pk))
    return is_new


@transaction.atomic
def answer_with_pack(
    request: PhotoRequest, *, photos: int, invoice_reference: str, actor_id: str, reason: str
) -> bool:
    """Give the agency a pack, usable for ever, and tell it. False: it was closed before."""
    lock_quota(request.agency_id, Mode.LIVE)  # of two answers the second must see the first
    if not _is_open(request):
        return False
    lot = grant_photos(
        agency=request.agency, mode=Mode.LIVE, photos=photos, source=LotSource.PACK,
        actor_id=actor_id, reason=StaffReason.PURCHASE,
    )  # fmt: skip
    rows = PhotoRequest.objects.filter(pk=request.pk)
    rows.update(closed_at=database_now(), lot=lot, invoice_reference=invoice_reference)
    detail = {
        "mode": Mode.LIVE,
        "photos": photos,
        "lot": str(lot.pk),
        "invoice_reference": invoice_reference,
    }
    _record(request, "photo_request.answered", actor_id, reason, detail)
    for member in _asked_by(request):
        notify(member, NotificationKind.PHOTOS_GRANTED, {"photos": str(photos)})
    return True


@transaction.atomic
def close_without(request: PhotoRequest, *, actor_id: str, reason: str) -> bool:
    """No photos for it: the agency may ask again. False: it was closed before."""
    lock_quota(request.agency_id, Mode.LIVE)
    if not _is_open(request):
        return False
    PhotoRequest.objects.filter(pk=request.pk).update(closed_at=database_now())
    _record(request, "photo_request.closed", actor_id, reason, {})
    return True


def mail_operator(request_id: UUID) -> None:
    """A worker's task: what the operator is told of a request that is open. A mail that cannot be
    sent is told in the log: the request stands on the support list anyway."""
    waiting = PhotoRequest.objects.filter(pk=request_id, closed_at=None)
    request = waiting.select_related("agency", "author__user").first()
    if request is None or not settings.OPERATOR_EMAIL:
        return
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.PUBLIC_BASE_URL}/admin/accounts/photorequest/?q={request.pk}"
        text = render_to_string("usage/asked_mail.txt", {"request": request, "link": link})
        # In one line, whatever the agency is called.
        subject = " ".join(
            str(_("%(agency)s asks for photos") % {"agency": request.agency}).split()
        )
        try:
            send_mail(subject, text, None, [settings.OPERATOR_EMAIL])
        except OSError:  # of the connection, and of what the mail server says
            logger.exception("photo request %s: the operator could not be told", request.pk)


def _is_open(request: PhotoRequest) -> bool:
    return PhotoRequest.objects.filter(pk=request.pk, closed_at=None).exists()


def _asked_by(request: PhotoRequest) -> list[Membership]:
    """The owners, and who has asked."""
    owners = list(owners_of(request.agency))
    author = request.author
    known = author is None or author.pk in {owner.pk for owner in owners}
    return owners if known or author is None else [*owners, author]


def _record(
    request: PhotoRequest, action: str, actor_id: str, reason: str, detail: dict[str, object]
) -> None:
    audit.record(
        agency=request.agency,
        action=action,
        target=str(request.pk),
        actor_id=actor_id,
        reason=reason,
        detail=detail,
    )
