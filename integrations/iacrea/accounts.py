"""Which iacrea account a job uses, how accounts are made, and how they are paused."""

import logging
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.choices import Mode
from accounts.models import Agency, Membership
from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from integrations.doors.crypto import KeyGone
from integrations.iacrea.client import IacreaClient
from integrations.iacrea.models import IacreaAccount

logger = logging.getLogger(__name__)
# Between the looks at a paused account; the last one repeats.
PROBE_MINUTES = (1, 2, 5, 10, 15)
# By hand, since each job that is accepted asks. What else there is of it is read when it is wanted;
# a key that is not asked for is not decrypted.
NEAREST = """\
SELECT id, agency_id, membership_id, built_in, base_url FROM iacrea_iacreaaccount
WHERE retired_at IS NULL AND NOT built_in AND (
    agency_id = %(agency)s AND (membership_id = %(member)s OR membership_id IS NULL)
    OR agency_id IS NULL
) ORDER BY membership_id IS NULL, agency_id IS NULL, id LIMIT 1
"""
# A reason that only staff end.
PAUSED_BY_STAFF = "paused by support"


def account_for(membership: Membership, mode: Mode) -> IacreaAccount | None:
    """The member's own account, else the agency's, else the operator's; in test mode the agency's
    built-in one. None: there is no account that can take the job."""
    if mode == Mode.TEST:
        return _built_in(membership.agency_id) if settings.EMULATOR_URL else None
    of = {"agency": membership.agency_id.hex, "member": membership.pk.hex}
    return next(iter(IacreaAccount.objects.raw(NEAREST, of)), None)


def _built_in(agency_id: UUID) -> IacreaAccount | None:
    usable = IacreaAccount.objects.for_agency(agency_id).filter(retired_at=None)
    return usable.filter(built_in=True).first()


def openable(ids: Collection[UUID]) -> Mapping[UUID, IacreaAccount]:
    """These accounts, in one query. A key that cannot be opened leaves out its own account only."""
    try:
        return IacreaAccount.objects.in_bulk(ids)
    except KeyGone:
        found: dict[UUID, IacreaAccount] = {}
        for pk in ids:
            with suppress(KeyGone):
                found |= IacreaAccount.objects.in_bulk([pk])
        return found


def client_for(account: IacreaAccount) -> IacreaClient:
    return IacreaClient(
        base_url=account.origin, api_key=account.api_key, user_id=str(account.iacrea_user_id)
    )


def create_default_account(agency: Agency, *, api_key: str, iacrea_user_id: UUID) -> IacreaAccount:
    """The account that an agency's members use when they have none of their own."""
    return IacreaAccount.objects.create(
        agency=agency, name=agency.name, api_key=api_key, iacrea_user_id=iacrea_user_id
    )


def create_built_in_account(agency: Agency) -> IacreaAccount:
    """An account of its own on the emulator, so that agencies' test photos never mix."""
    return IacreaAccount.objects.create(
        agency=agency,
        name="test",
        api_key=secrets.token_urlsafe(32),
        iacrea_user_id=uuid4(),
        built_in=True,
    )


def pause(account: IacreaAccount, reason: str) -> None:
    """Nothing more is sent with this account until it is resumed; jobs wait with their holds."""
    now = database_now()
    running = IacreaAccount.objects.filter(pk=account.pk, paused_at=None)
    if running.update(
        paused_at=now,
        pause_reason=reason[:200],
        probe_at=now + timedelta(minutes=PROBE_MINUTES[0]),
        probes=0,
    ):
        alert("account_paused", account=account.pk, agency=account.agency_id, reason=reason[:200])


def count_at_the_default() -> int:
    """Of those that send live jobs, the ones that name no address of their own."""
    return IacreaAccount.objects.filter(built_in=False, retired_at=None, base_url="").count()


def resume(account: IacreaAccount) -> bool:
    """End the pause that was seen; a newer one stands."""
    seen = IacreaAccount.objects.filter(pk=account.pk, paused_at=account.paused_at)
    resumed = seen.exclude(paused_at=None).update(
        paused_at=None, pause_reason="", probe_at=None, probes=0
    )
    if resumed:
        logger.info("iacrea account %s is resumed", account.pk)
    return bool(resumed)


@transaction.atomic
def pause_by_staff(account: IacreaAccount, *, actor_id: str, reason: str) -> bool:
    """Until staff resume it: iacrea is not asked meanwhile. False: it is paused already."""
    running = IacreaAccount.objects.filter(pk=account.pk, paused_at=None)
    if not running.update(
        paused_at=database_now(), pause_reason=PAUSED_BY_STAFF, probe_at=None, probes=0
    ):
        return False
    _record(account, "iacrea_account.pause", actor_id, reason, {})
    return True


@transaction.atomic
def resume_by_staff(account: IacreaAccount, *, actor_id: str, reason: str) -> bool:
    """Send with it again, whatever held it up: a pause, a 429, the circuit breaker. False: nothing
    did any more."""
    free = Q(paused_at=None, tripped_until=None, sends_wait_until=None, gets_wait_until=None)
    rows = IacreaAccount.objects.filter(pk=account.pk).exclude(free)
    if not rows.update(
        paused_at=None, pause_reason="", probe_at=None, probes=0, tripped_until=None,
        unclear_at=[], sends_wait_until=None, gets_wait_until=None,
    ):  # fmt: skip
        return False
    detail = {"was": account.pause_reason}
    _record(account, "iacrea_account.resume", actor_id, reason, detail)
    return True


def _record(
    account: IacreaAccount, action: str, actor_id: str, reason: str, detail: dict[str, str]
) -> None:
    audit.record(
        agency=account.agency, action=action, target=str(account.pk), actor_id=actor_id,
        reason=reason[:500], detail=detail,
    )  # fmt: skip
