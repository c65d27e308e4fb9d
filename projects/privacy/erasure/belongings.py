"""Rows of an agency that are no photo: taken away, or left without words where books need them."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    Branding,
    IdempotentAnswer,
    Invitation,
    Membership,
    Notification,
    NotificationChoice,
    PhotoRequest,
    Plan,
    RateWindow,
    StaffNote,
    StaffProposal,
)
from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks import retention
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint
from projects.models import (
    Attempt,
    ClientComment,
    Complaint,
    Discrepancy,
    Generation,
    GenerationEvent,
    ShareLink,
)
from projects.privacy.erasure import queued, traces
from projects.privacy.erasure.accounts import retire

# What of each is the agency's, after its deliveries: they point to the first two.
GONE: list[tuple[Any, str]] = [
    (Event, "agency"), (WebhookEndpoint, "agency"),
    (IdempotentAnswer, "agency"), (RateWindow, "api_key__agency"), (ApiRequest, "agency"),
    (Invitation, "agency"), (Notification, "member__agency"),
    (NotificationChoice, "member__agency"), (ClientComment, "link__agency"),
    (ShareLink, "agency"), (Complaint, "agency"),
    (StaffNote, "agency"), (StaffProposal, "agency"),
]  # fmt: skip
# Whose ids stand in the queue, and in the admin's log.
NAMED: list[tuple[Any, str]] = [
    (Generation, "agency"), (Notification, "member__agency"), (PhotoRequest, "agency"),
    (Membership, "agency"), (ApiKey, "agency"), (IacreaAccount, "agency"), (Delivery, "agency"),
    (WebhookEndpoint, "agency"), (Complaint, "agency"), (Invitation, "agency"),
    (Discrepancy, "agency"), (Plan, "agency"),
]  # fmt: skip


@transaction.atomic
def forget_hints(agency: Agency) -> list[UUID]:
    """Before its rows go, of which the queue knows no more than the ids."""
    ids = list(_ids(agency))
    queued.forget(ids)
    return ids


@transaction.atomic
def blank_rows(agency: Agency) -> None:
    ids = forget_hints(agency)
    traces.blank_admin_log(ids)
    traces.blank_audit(agency)
    retention.delete_deliveries(Delivery.objects.filter(agency=agency))
    for model, whose in GONE:
        model.objects.filter(**{whose: agency}).delete()
    _remove_branding(agency)
    _blank_story(agency)
    _blank_books(agency)
    retire(IacreaAccount.objects.for_agency(agency))


def _ids(agency: Agency) -> Iterator[UUID]:
    yield agency.pk
    for model, whose in NAMED:
        yield from model.objects.filter(**{whose: agency}).values_list("pk", flat=True)


def _remove_branding(agency: Agency) -> None:
    rows = Branding.objects.filter(agency=agency).exclude(logo="")
    for name in list(rows.values_list("logo", flat=True)):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
    Branding.objects.filter(agency=agency).delete()


def _blank_story(agency: Agency) -> None:
    """Statuses and times stay: the photos that were charged are explained by them."""
    GenerationEvent.objects.filter(generation__agency=agency).update(detail={})
    Attempt.objects.filter(generation__agency=agency).update(evidence={})
    closed = Discrepancy.objects.filter(agency=agency).exclude(reason="")
    closed.update(reason="erased")


def _blank_books(agency: Agency) -> None:
    """Nothing is granted any more, and nobody waits for photos."""
    Plan.objects.filter(agency=agency).update(photos_per_month=0)
    asked = PhotoRequest.objects.for_agency(agency)
    asked.filter(closed_at=None).update(closed_at=database_now())
    asked.update(message="")
    ApiKey.objects.filter(agency=agency).update(name="")
