"""An agency's own accounts at iacrea, as its owners connect, change and end them.

A key is tried at iacrea before anything is kept, and nothing ever tells it again: no page, log,
message or line of the audit trail. Nothing here loads a key that is stored, so that one which
cannot be opened any more can still be replaced.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from accounts.audit import record
from accounts.models import Agency, Membership
from integrations.doors.clock import database_now
from integrations.iacrea import credits, errors
from integrations.iacrea.accounts import resume as end_pause
from integrations.iacrea.client import Credit, IacreaClient
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.probes import PAUSED_BY_PEOPLE


class Verdict(StrEnum):
    """Why iacrea did not take a key, as far as its answer tells."""

    KEY_REFUSED = "key_refused"
    OTHER_USER = "other_user"
    NO_PHOTOS = "no_photos"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    UNCLEAR = "unclear"


STATUSES = {401: Verdict.KEY_REFUSED, 402: Verdict.NO_PHOTOS}


class NotConnected(Exception):
    """iacrea did not answer for this key and user id: nothing was stored."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class ChangedMeanwhile(Exception):
    """Somebody else connected or ended the account at the same time: nothing was stored."""


def connections_of(agency: Agency) -> QuerySet[IacreaAccount]:
    """The agency's own, its default first, then its members'."""
    rows = IacreaAccount.objects.for_agency(agency).filter(built_in=False, retired_at=None)
    rows = rows.defer("api_key").select_related("agency", "membership__user")
    return rows.order_by(F("membership__created_at").asc(nulls_first=True), "pk")


def connection_of(agency: Agency, account_id: UUID) -> IacreaAccount:
    """A foreign or a retired one is not there."""
    return connections_of(agency).get(pk=account_id)


def lent_account() -> IacreaAccount | None:
    """The operator's own, which agencies without one use."""
    lent = IacreaAccount.objects.filter(agency=None, built_in=False, retired_at=None)
    return lent.defer("api_key").first()


def default_of(agency: Agency) -> IacreaAccount | None:
    """Of members without an account of their own: the agency's, else the lent one."""
    rows = IacreaAccount.objects.filter(Q(agency=agency) | Q(agency=None), membership=None)
    rows = rows.filter(built_in=False, retired_at=None).defer("api_key")
    return rows.order_by(F("agency").asc(nulls_last=True), "pk").first()


@sensitive_variables("api_key", "client")
def try_key(*, api_key: str, iacrea_user_id: UUID, origin: str = "") -> Credit:
    """What iacrea says that is left, by its free Credits call. Raises NotConnected."""
    base_url = origin or settings.IACREA_BASE_URL
    if not base_url:
        raise NotConnected(Verdict.UNREACHABLE)
    client = IacreaClient(base_url=base_url, api_key=api_key, user_id=str(iacrea_user_id))
    try:
        return client.credit()
    except errors.IacreaError as error:
        raise NotConnected(_verdict(error)) from None


@sensitive_variables("api_key")
def connect(
    *, agency: Agency, actor_id: str, api_key: str, iacrea_user_id: UUID,
    member: Membership | None = None,
) -> IacreaAccount:  # fmt: skip
    """The account of the whole agency, where it takes the place of a trial, or of one of its
    members, who has none yet. Raises NotConnected and ChangedMeanwhile."""
    credit = try_key(api_key=api_key, iacrea_user_id=iacrea_user_id)
    made = IacreaAccount(
        agency=agency, membership=member, name=agency.name, api_key=api_key,
        iacrea_user_id=iacrea_user_id,
    )  # fmt: skip
    trial = None if member else _trial_of(agency)
    return _insert(made, credit, actor_id, "iacrea_account.connected", instead_of=trial)


@sensitive_variables("api_key")
def replace_key(
    account: IacreaAccount, *, actor_id: str, api_key: str, iacrea_user_id: UUID
) -> IacreaAccount:
    """For the same user id the same row, which keeps its jobs; another user id is another account,
    and the jobs of the old one end with it. Raises NotConnected and ChangedMeanwhile."""
    credit = try_key(api_key=api_key, iacrea_user_id=iacrea_user_id, origin=account.base_url)
    if iacrea_user_id == account.iacrea_user_id:
        return _rotate(account, api_key, credit, actor_id)
    made = IacreaAccount(
        agency=account.agency, membership=account.membership, name=account.name,
        base_url=account.base_url, api_key=api_key, iacrea_user_id=iacrea_user_id,
    )  # fmt: skip
    return _insert(made, credit, actor_id, "iacrea_account.replaced", instead_of=account)


def pause(account: IacreaAccount, *, actor_id: str) -> bool:
    """Until somebody resumes it: iacrea is not asked meanwhile, and its answer would end nothing.
    A pause that iacrea's refusal began becomes such a one. False: it is one already."""
    rows = _mine(account).exclude(pause_reason=PAUSED_BY_PEOPLE)
    fields = {"paused_at": database_now(), "pause_reason": PAUSED_BY_PEOPLE, "probe_at": None}
    with transaction.atomic():
        paused = bool(rows.update(**fields, probes=0))
        if paused:
            _record(account, "iacrea_account.paused", actor_id)
    return paused


@transaction.atomic
def resume(account: IacreaAccount, *, actor_id: str) -> bool:
    """False: it is not paused any more, or by whom only the operator may overrule."""
    resumed = is_resumable(account) and end_pause(account)
    if resumed:
        _record(account, "iacrea_account.resumed", actor_id, was=account.pause_reason)
    return resumed


def is_resumable(account: IacreaAccount) -> bool:
    """Paused by people of the agency, or by what iacrea answered to a job; not by the operator, who
    restores a backup."""
    reason = account.pause_reason
    return reason == PAUSED_BY_PEOPLE or reason.startswith("status ")


@transaction.atomic
def stop_using(account: IacreaAccount, *, actor_id: str) -> bool:
    """Its jobs end with it, and none begins. False: somebody was quicker."""
    stopped = _retire(account)
    if stopped:
        _record(account, "iacrea_account.retired", actor_id)
    return stopped


@sensitive_variables("api_key", "fields")
@transaction.atomic
def _rotate(account: IacreaAccount, api_key: str, credit: Credit, actor_id: str) -> IacreaAccount:
    """What iacrea's refusals began ends with the key that they were about."""
    fields: dict[str, Any] = {"api_key": api_key}
    if account.pause_reason.startswith("status ") and credit.total:
        fields |= {"paused_at": None, "pause_reason": "", "probe_at": None, "probes": 0}
    if not _mine(account).update(**fields):
        raise ChangedMeanwhile
    credits.saw(account, credit.total)
    _record(account, "iacrea_account.key_replaced", actor_id)
    return account


def _trial_of(agency: Agency) -> IacreaAccount | None:
    return next((row for row in connections_of(agency) if row.is_trial), None)


def _insert(
    made: IacreaAccount, credit: Credit, actor_id: str, action: str,
    instead_of: IacreaAccount | None = None,
) -> IacreaAccount:  # fmt: skip
    """Of two at once the database's constraint keeps one."""
    try:
        with transaction.atomic():
            if instead_of and not _retire(instead_of):
                raise ChangedMeanwhile
            made.save(force_insert=True)
            credits.saw(made, credit.total)
            _record(made, action, actor_id, **({"was": str(instead_of.pk)} if instead_of else {}))
    except IntegrityError:
        raise ChangedMeanwhile from None
    return made


def _retire(account: IacreaAccount) -> bool:
    return bool(_mine(account).update(retired_at=database_now()))


def _mine(account: IacreaAccount) -> QuerySet[IacreaAccount]:
    return IacreaAccount.objects.filter(pk=account.pk, retired_at=None)


def _record(account: IacreaAccount, action: str, actor_id: str, **more: str) -> None:
    member = {"member": str(account.membership_id)} if account.membership_id else {}
    detail = {"iacrea_user_id": str(account.iacrea_user_id), **member, **more}
    record(
        agency=account.agency, action=action, target=str(account.pk), actor_id=actor_id,
        detail=detail,
    )  # fmt: skip


def _verdict(error: errors.IacreaError) -> Verdict:
    """iacrea documents 401 for a key; what is wrong with the pair is a 400 or one of its like."""
    if isinstance(error, errors.RateLimited):
        return Verdict.RATE_LIMITED
    if isinstance(error, errors.NotSent):
        return Verdict.UNREACHABLE
    if isinstance(error, (errors.AccountFault, errors.Refused)):
        return STATUSES.get(error.evidence["status"], Verdict.OTHER_USER)
    unanswered = error.evidence.get("status", 500) >= 500
    return Verdict.UNREACHABLE if unanswered else Verdict.UNCLEAR
