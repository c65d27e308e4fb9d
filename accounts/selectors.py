"""Scoped reads of accounts. Someone else's object looks like no object."""

from uuid import UUID

from django.db.models import Sum

from accounts.choices import LotSource, Mode, Role
from accounts.models import Agency, LedgerEntry, Membership, PhotoLot, PhotoQuota, User
from accounts.querysets import TenantQuerySet


def membership_of(user: User) -> Membership | None:
    """The membership under which a signed-in user works: the oldest."""
    memberships = Membership.objects.filter(user=user).select_related("agency", "user")
    return memberships.order_by("created_at").first()


def member_by_iacrea_id(agency: Agency, iacrea_user_id: UUID) -> Membership | None:
    members = Membership.objects.for_agency(agency).select_related("user", "agency")
    return members.filter(iacrea_user_id=iacrea_user_id).first()


def quota_of(agency: Agency, mode: Mode) -> PhotoQuota:
    return PhotoQuota.objects.for_agency(agency, mode).get()


def credit_of(agency: Agency, mode: Mode) -> dict[str, int]:
    """Available photos as iacrea's Credits call tells them."""
    total = quota_of(agency, mode).available
    lots = PhotoLot.objects.for_agency(agency, mode).filter(source=LotSource.SUBSCRIPTION)
    subscription = lots.aggregate(photos=Sum("available", default=0))["photos"]
    return {"total": total, "subscription": subscription, "extra": total - subscription}


def ledger_of(agency: Agency, mode: Mode) -> TenantQuerySet[LedgerEntry]:
    return LedgerEntry.objects.for_agency(agency, mode).select_related("lot")


def owner_of(agency_name: str = "") -> Membership | None:
    """An owner of the agency with this name, or of the oldest agency."""
    owners = Membership.objects.filter(role=Role.OWNER).select_related("agency", "user")
    if agency_name:
        owners = owners.filter(agency__name=agency_name)
    return owners.order_by("agency__created_at", "created_at").first()
