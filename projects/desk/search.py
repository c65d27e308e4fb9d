"""Any id, address or name that a customer writes, to the rows that it means.

Of all agencies: for staff only. Each question is answered by an index; names alone are looked
through, of which there are as many as agencies and people. Titles of projects are not: there are as
many as gardens.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet, Value

from accounts.keys import VISIBLE_CHARACTERS
from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    Invitation,
    Membership,
    Notification,
    PhotoRequest,
    User,
)
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint
from projects.models import (
    CallbackReceipt,
    Complaint,
    Discrepancy,
    Generation,
    Picture,
    Project,
    ShareLink,
    Upload,
)
from projects.sharing.tokens import hashed

# Of each kind.
MOST = 10
LEAST_CHARACTERS = 2
# The address of a page has two at most.
MOST_IDS = 2
# The first eight characters of an id are enough: of a million ids four thousand pairs share them.
ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{8}-[0-9a-f-]{0,27}|[0-9a-f]{8,32})(?![0-9a-f])")
SHARE = re.compile(r"/p/([^/?#]+)")
KEY = re.compile(r"prt_(?:live|test)_\w+")

Rows = QuerySet[Any]
WITH_IDS: tuple[type[Model], ...] = (
    Generation, Project, Upload, Picture, Agency, Membership, User, ApiKey, IacreaAccount,
    WebhookEndpoint, Event, Delivery, ShareLink, Invitation, PhotoRequest, Complaint,
    Discrepancy, ApiRequest, Notification,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """`rows` by kind, in the order of what is mostly meant; `is_exact`: one row, and by its id."""

    rows: dict[type[Model], list[Model]]
    is_exact: bool

    @property
    def only(self) -> Model | None:
        """To go to at once."""
        every = [row for rows in self.rows.values() for row in rows]
        return every[0] if self.is_exact and len(every) == 1 else None


def search(text: str) -> Found:
    """By what identifies; where nothing does, by names."""
    text = text.replace("\0", "").strip()
    if len(text) < LEAST_CHARACTERS:
        return Found({}, is_exact=False)
    exact = _gathered(_identified(text))
    if exact or _is_no_name(text):
        return Found(exact, is_exact=True)
    return Found(_gathered(_named(text)), is_exact=False)


def _is_no_name(text: str) -> bool:
    """A key that is none of ours is still a secret; nobody is called like a whole id."""
    return bool(KEY.search(text)) or any(first == last for first, last in _ids(text))


def _gathered(questions: Iterable[Rows]) -> dict[type[Model], list[Model]]:
    found: dict[type[Model], dict[Any, Model]] = {}
    for rows in questions:
        for row in _with_names(rows)[:MOST]:
            found.setdefault(type(row), {})[row.pk] = row
    return {kind: list(rows.values()) for kind, rows in found.items()}


def _with_names(rows: Rows) -> Rows:
    """With whose it is, which each row's line says."""
    ours = {field.name for field in rows.model._meta.fields}
    return rows.select_related(*sorted(ours & {"agency", "user"}))


def _identified(text: str) -> Iterator[Rows]:
    if key := KEY.search(text):
        yield ApiKey.objects.filter(prefix=key[0][:VISIBLE_CHARACTERS])
        return  # a whole key that was pasted goes nowhere else
    if "@" in text:
        yield from _of_address(text)
        return
    yield from _of_link(text)
    for first, last in _ids(text):
        yield from _of_ids(first, last)
    if "://" not in text:
        yield from _of_others_ids(text)


def _of_address(email: str) -> Iterator[Rows]:
    people = Q(email__iexact=email) | Q(claimed_email__iexact=email)
    yield User.objects.filter(people)
    yield Membership.objects.filter(user__in=User.objects.filter(people))
    yield Invitation.objects.filter(email__iexact=email)


def _of_link(text: str) -> Iterator[Rows]:
    """A share link, as an address or as its token; an endpoint's whole URL."""
    path = SHARE.search(text)
    yield ShareLink.objects.filter(token_sha256=hashed(path[1] if path else text))
    if "://" in text:
        yield WebhookEndpoint.objects.filter(url=text)


def _ids(text: str) -> Iterator[tuple[UUID, UUID]]:
    """The range of ids that begin so: of a whole one, of its beginning, of those in an address."""
    for match in list(ID.finditer(text.lower()))[:MOST_IDS]:
        digits = match[0].replace("-", "")[:32]
        yield UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))


def _of_ids(first: UUID, last: UUID) -> Iterator[Rows]:
    """Which tables have one is one question; the rows are asked for where there are some."""
    begun = [_begun_so(model, first, last) for model in WITH_IDS]
    labels = [rows.annotate(label=Value(rows.model._meta.label)) for rows in begun]
    each = [rows.order_by().values_list("label", "pk") for rows in labels]
    found = each[0].union(*each[1:], all=True)[: MOST * len(WITH_IDS)]
    for label in dict.fromkeys(label for label, _pk in found):
        yield _begun_so(apps.get_model(label), first, last)


def _begun_so(model: type[Model], first: UUID, last: UUID) -> Rows:
    """By our id, or by what iacrea calls a user."""
    within = (first, last)
    known = Q(pk__range=within)
    if model in (Membership, IacreaAccount):
        known |= Q(iacrea_user_id__range=within)
    rows: Rows = model._default_manager.filter(known)
    return rows


def _of_others_ids(text: str) -> Iterator[Rows]:
    """iacrea's of a job, a caller's of a call, an invoice's."""
    named = Generation.objects.filter(upstream_origin__in=_origins(), upstream_id=text)
    rung = CallbackReceipt.objects.filter(candidate_id=text)
    jobs = named.values("pk").union(rung.values("attempt__generation"), all=True)
    yield Generation.objects.filter(pk__in=jobs)
    yield ApiRequest.objects.filter(request_id=text)
    yield PhotoRequest.objects.filter(invoice_reference=text)


def _origins() -> set[str]:
    """The index of iacrea's ids begins with whose they are."""
    bases = IacreaAccount.objects.order_by().values_list("base_url", flat=True).distinct()
    usual = {settings.IACREA_BASE_URL or "", settings.EMULATOR_URL or ""}
    return usual | {base.rstrip("/") for base in bases}


def _named(text: str) -> Iterator[Rows]:
    yield Agency.objects.filter(name__icontains=text).order_by("name")
    people = Q(name__icontains=text) | Q(email__istartswith=text)
    yield User.objects.filter(people).order_by("name")
    if "://" in text or "." in text:
        yield WebhookEndpoint.objects.filter(url__icontains=text)
