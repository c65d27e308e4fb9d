"""Which iacrea account a job uses, and how accounts are made."""

import secrets
from uuid import UUID, uuid4

from django.conf import settings

from accounts.choices import Mode
from accounts.models import Agency, Membership
from integrations.doors.clock import database_now
from integrations.iacrea.client import IacreaClient
from integrations.iacrea.models import IacreaAccount


def account_for(membership: Membership, mode: Mode) -> IacreaAccount | None:
    """The member's own account, else the agency's, else the operator's; in test mode the agency's
    built-in one. None: there is no account that can take the job."""
    accounts = IacreaAccount.objects.for_agency(membership.agency)
    if mode == Mode.TEST:
        return accounts.filter(built_in=True).first() if settings.EMULATOR_URL else None
    own = accounts.filter(built_in=False)
    return (
        own.filter(membership=membership).first()
        or own.filter(membership=None).first()
        or IacreaAccount.objects.filter(agency=None, built_in=False).first()
    )


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
    paused = IacreaAccount.objects.filter(pk=account.pk, paused_at=None)
    paused.update(paused_at=database_now(), pause_reason=reason[:200])


def paused_accounts() -> set[UUID]:
    return set(IacreaAccount.objects.exclude(paused_at=None).values_list("pk", flat=True))


def resume(account: IacreaAccount) -> None:
    IacreaAccount.objects.filter(pk=account.pk).update(paused_at=None, pause_reason="")
