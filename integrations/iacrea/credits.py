"""How many photos iacrea says that its accounts have left. Each job that it takes tells so, and it
is asked once an hour, since whoever works at iacrea directly takes photos too. For people to
compare: nothing here decides by it."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Agency
from integrations.doors.clock import database_now
from integrations.doors.crypto import KeyGone
from integrations.iacrea import errors
from integrations.iacrea.accounts import client_for
from integrations.iacrea.models import IacreaAccount

logger = logging.getLogger(__name__)
# A little less than the hour after which it is asked again.
FRESH = timedelta(minutes=50)
# What the column holds.
MOST = 2**31 - 1


def saw(account: IacreaAccount, photos: int | None) -> None:
    """What an answer told; None, or what no count of photos can be: it told nothing."""
    if photos is not None and 0 <= photos <= MOST:
        rows = IacreaAccount.objects.filter(pk=account.pk)
        rows.update(credit=photos, credit_seen_at=database_now())


def stale_accounts() -> list[UUID]:
    """Accounts whose number is old, and that may be asked. The longest unasked are first."""
    old = Q(credit_seen_at=None) | Q(credit_seen_at__lt=database_now() - FRESH)
    rows = IacreaAccount.objects.filter(old, built_in=False, paused_at=None, retired_at=None)
    return list(rows.order_by("credit_seen_at", "pk").values_list("pk", flat=True))


def ask_for_credit(account_id: UUID) -> None:
    """One free call; a refusal or no answer leaves what was known, with its time."""
    try:
        account = IacreaAccount.objects.filter(pk=account_id).first()
        if account and account.origin:
            saw(account, client_for(account).credit().total)
    except (errors.IacreaError, KeyGone) as error:
        logger.info("iacrea account %s did not tell its credit: %s", account_id, error)


def credits_of(agency: Agency) -> QuerySet[IacreaAccount]:
    """The agency's own accounts and its members', without their keys. Never the operator's, whose
    photos are none of the agency's business."""
    rows = IacreaAccount.objects.for_agency(agency).filter(built_in=False, retired_at=None)
    rows = rows.defer("api_key")
    return rows.select_related("membership__user").order_by("created_at", "pk")
