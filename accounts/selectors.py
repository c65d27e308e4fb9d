"""Scoped reads of accounts. Someone else's object looks like no object."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.choices import EntryKind, LotSource, Mode, Role
from accounts.models import (
    Agency,
    Invitation,
    LedgerEntry,
    Membership,
    PhotoLot,
    PhotoQuota,
    Plan,
    User,
)
from accounts.models.ledger import ENDS
from accounts.models.lot import usable_at
from accounts.querysets import TenantQuerySet
from integrations.doors.clock import DatabaseNow, database_now

# By hand: each job of an agency's software asks, and to make this SQL costs more than to answer it.
DEFAULT_MEMBER = """\
SELECT * FROM accounts_membership WHERE agency_id = %s AND removed_at IS NULL
ORDER BY role <> %s, created_at LIMIT 1
"""


@dataclass(frozen=True)
class Meter:
    """Photos that can be used now, and how many were given in the lots that they are left of."""

    available: int
    given: int


@dataclass(frozen=True)
class Photos:
    """An agency's photos in one mode; `available` is what a job can really hold now."""

    available: int
    held: int
    consumed: int


def memberships_of(user: User) -> list[Membership]:
    """All that a person has, the oldest first."""
    memberships = Membership.objects.present().filter(user=user)
    return list(memberships.select_related("agency__branding", "user").order_by("created_at"))


def membership_of(user: User) -> Membership | None:
    """The membership under which a signed-in user works, unless they chose another: the oldest."""
    return next(iter(memberships_of(user)), None)


def member_with_id(member_id: str) -> Membership | None:
    """For an address that we signed, and nobody else."""
    members = Membership.objects.present().select_related("user", "agency")
    return members.filter(pk=member_id).first()


def any_member(member_id: UUID) -> Membership:
    """Of whatever agency, also one who was removed: for staff."""
    return Membership.objects.select_related("user", "agency").get(pk=member_id)


def member_by_iacrea_id(agency: Agency, iacrea_user_id: UUID) -> Membership | None:
    members = Membership.objects.present().for_agency(agency).select_related("user", "agency")
    return members.filter(iacrea_user_id=iacrea_user_id).first()


def members_of(agency: Agency) -> QuerySet[Membership]:
    members = Membership.objects.present().for_agency(agency)
    return members.select_related("user").order_by("-created_at")


def member_of(agency: Agency, member_id: UUID) -> Membership:
    members = Membership.objects.present().for_agency(agency).select_related("user", "agency")
    return members.get(pk=member_id)


def pending_invitations_of(agency: Agency) -> QuerySet[Invitation]:
    """Neither accepted nor revoked; the newest first. Also those whose time is over, to be sent
    again."""
    rows = Invitation.objects.for_agency(agency).filter(accepted_at=None, revoked_at=None)
    return rows.select_related("author__user").order_by("-sent_at", "email")


def pending_invitation_of(agency: Agency, invitation_id: UUID) -> Invitation:
    return pending_invitations_of(agency).get(pk=invitation_id)


def lots_of(agency: Agency, mode: Mode) -> TenantQuerySet[PhotoLot]:
    """Those with photos, or with some that a job holds; what expires first is first."""
    lots = PhotoLot.objects.for_agency(agency, mode).filter(Q(available__gt=0) | Q(held__gt=0))
    return lots.order_by(F("usable_until").asc(nulls_last=True), "created_at", "pk")


def quota_of(agency: Agency, mode: Mode) -> Photos:
    """From the lots and not from the quota row, which still counts the photos of a lot that
    expired since the last sweep."""
    lots = PhotoLot.objects.for_agency(agency, mode)
    return Photos(
        **lots.aggregate(
            available=Sum("available", filter=usable_at(DatabaseNow()), default=0),
            held=Sum("held", default=0),
            consumed=Sum("consumed", default=0),
        )
    )


def meter_of(agency: Agency, mode: Mode) -> Meter:
    """A lot that is used up counts no more: what was given years ago says nothing of now."""
    lots = PhotoLot.objects.for_agency(agency, mode).filter(usable_at(DatabaseNow()))
    begun = lots.filter(Q(available__gt=0) | Q(held__gt=0))
    given = F("available") + F("held") + F("consumed")
    return Meter(
        **begun.aggregate(given=Sum(given, default=0), available=Sum("available", default=0))
    )


def credit_of(agency: Agency, mode: Mode) -> dict[str, int]:
    """Available photos as iacrea's Credits call tells them."""
    lots = PhotoLot.objects.for_agency(agency, mode).filter(usable_at(DatabaseNow()))
    monthly = Q(source=LotSource.SUBSCRIPTION)
    photos = lots.aggregate(
        total=Sum("available", default=0),
        subscription=Sum("available", filter=monthly, default=0),
    )
    return {**photos, "extra": photos["total"] - photos["subscription"]}


def ledger_of(agency: Agency, mode: Mode) -> TenantQuerySet[LedgerEntry]:
    return LedgerEntry.objects.for_agency(agency, mode).select_related("lot")


def user_with_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def agency_named(name: str) -> Agency | None:
    """The oldest with this name."""
    return Agency.objects.filter(name=name).order_by("created_at").first()


def owner_of(agency_name: str = "") -> Membership | None:
    """An owner of the agency with this name, or of the oldest agency."""
    owners = Membership.objects.present().filter(role=Role.OWNER).select_related("agency", "user")
    if agency_name:
        owners = owners.filter(agency__name=agency_name)
    return owners.order_by("agency__created_at", "created_at").first()


def default_member(agency: Agency) -> Membership:
    """Whose job it is when nobody is named: the oldest owner, or else the oldest member."""
    members = list(Membership.objects.raw(DEFAULT_MEMBER, [agency.pk.hex, Role.OWNER]))
    assert members, "an agency is opened with its owner"
    return members[0]


def owners_of(agency: Agency | UUID) -> QuerySet[Membership]:
    """Who is told of what concerns the whole agency."""
    members = Membership.objects.present().for_agency(agency)
    owners = members.filter(role=Role.OWNER, user__is_active=True)
    return owners.select_related("user").order_by("created_at")


def photos_last_given(agency_id: UUID, mode: Mode) -> int:
    """In the newest lot but those that make good a bad picture; less what expired of it."""
    lots = PhotoLot.objects.for_agency(agency_id, mode).exclude(source=LotSource.GOODWILL)
    given = lots.annotate(given=F("available") + F("held") + F("consumed"))
    return given.order_by("-created_at").values_list("given", flat=True).first() or 0


def captured_photos(agency: Agency, mode: Mode, generation_id: UUID) -> int:
    """What a generation was charged."""
    entries = LedgerEntry.objects.for_agency(agency, mode).filter(generation_id=generation_id)
    captured = entries.filter(kind=EntryKind.CAPTURE)
    return int(captured.aggregate(photos=Sum("quantity", default=0))["photos"])


def is_refunded(generation_id: UUID) -> bool:
    grants = LedgerEntry.objects.filter(kind=EntryKind.GRANT)
    return grants.filter(generation_id=generation_id).exists()


# --- Of all agencies: for the sweep and the audit, never for a page


def is_held(generation_id: UUID) -> bool:
    """A hold of this generation, in whatever agency and mode, has no end."""
    return _open_holds().filter(generation_id=generation_id).exists()


def owners_of_past_lots() -> QuerySet[PhotoLot, tuple[UUID, str]]:
    """Agency and mode of every lot that has photos left and no time."""
    past = PhotoLot.objects.past(database_now()).order_by("agency_id", "mode")
    return past.values_list("agency_id", "mode").distinct()


def plans_without(month: date) -> QuerySet[Plan]:
    """Plans whose photos of this month were not granted."""
    granted = PhotoLot.objects.filter(
        agency=OuterRef("agency"), mode=Mode.LIVE, source=LotSource.SUBSCRIPTION, period=month
    )
    return Plan.objects.filter(~Exists(granted), photos_per_month__gt=0).order_by("agency_id")


def refillable_quotas(day: date, photos: int) -> QuerySet[PhotoQuota]:
    """Test quotas that were not refilled on this day and have fewer photos than this. Held photos
    count: they may come back."""
    refilled = PhotoLot.objects.filter(
        agency=OuterRef("agency"), mode=Mode.TEST, source=LotSource.TRIAL, period=day
    )
    quotas = PhotoQuota.objects.alias(kept=F("available") + F("held"))
    return quotas.filter(~Exists(refilled), mode=Mode.TEST, kept__lt=photos).order_by("agency_id")


def open_holds() -> dict[UUID, int]:
    """Photos held for each generation whose hold has no end."""
    summed = _open_holds().values_list("generation_id").annotate(photos=Sum("quantity"))
    return {generation_id: photos for generation_id, photos in summed if generation_id}


def _open_holds() -> TenantQuerySet[LedgerEntry]:
    ends = LedgerEntry.objects.filter(
        generation_id=OuterRef("generation_id"), lot=OuterRef("lot"), kind__in=ENDS
    )
    return LedgerEntry.objects.filter(~Exists(ends), kind=EntryKind.HOLD).order_by()
