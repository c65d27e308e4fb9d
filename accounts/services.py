"""Writes on agencies, people and what they are given. Each function is one transaction."""

import base64
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.audit import record
from accounts.choices import LotSource, Mode, Role, StaffReason
from accounts.exceptions import AlreadyRefunded, NothingCaptured, OtherMember, OwnerByOwners
from accounts.models import Agency, Membership, PhotoLot, PhotoQuota, Plan, User
from accounts.quota import TEST_PHOTOS, grant_photos, lock_quota, remove_photos
from accounts.selectors import captured_photos, is_refunded
from integrations.doors.clock import database_now


@transaction.atomic
def create_agency(*, name: str, photos: int) -> Agency:
    """An agency with its live photos, its test photos and the secret that signs its callbacks."""
    # The form that Standard Webhooks libraries take.
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    agency = Agency.objects.create(name=name, webhook_secret=secret)
    for mode in Mode:
        PhotoQuota.objects.create(agency=agency, mode=mode)
    if photos:
        _grant(agency, Mode.LIVE, photos, LotSource.PACK)
    _grant(agency, Mode.TEST, TEST_PHOTOS, LotSource.TRIAL)
    record(agency=agency, action="agency.created", target=str(agency.pk))
    return agency


@transaction.atomic
def set_restore_outside(*, agency: Agency, on: bool, actor_id: str, reason: str) -> bool:
    """Whether the agency's pictures get the photo back outside the zone, from the next one on;
    False: it was so already."""
    changed = Agency.objects.filter(pk=agency.pk, restore_outside=not on).update(restore_outside=on)
    if changed:
        record(
            agency=agency,
            action="agency.restore_outside",
            target=str(agency.pk),
            actor_id=actor_id,
            reason=reason,
            detail={"on": on},
        )
    return bool(changed)


@transaction.atomic
def set_storage(*, agency: Agency, gigabytes: int | None, actor_id: str, reason: str) -> bool:
    """What the agency's photos and pictures may take, None: as much as everybody's; False: it was
    so already."""
    before = Agency.objects.select_for_update().get(pk=agency.pk).storage_gb
    if before == gigabytes:
        return False
    Agency.objects.filter(pk=agency.pk).update(storage_gb=gigabytes)
    record(
        agency=agency, action="agency.storage_changed", target=str(agency.pk), actor_id=actor_id,
        reason=reason, detail={"before": before, "after": gigabytes},
    )  # fmt: skip
    return True


@transaction.atomic
def set_kept_months(*, agency: Agency, months: int | None, actor_id: str) -> bool:
    """How many months a project stays unchanged before it goes to the bin, None: for ever; False:
    that was so already."""
    before = Agency.objects.select_for_update().get(pk=agency.pk).kept_months
    if before == months:
        return False
    Agency.objects.filter(pk=agency.pk).update(kept_months=months)
    record(
        agency=agency,
        action="agency.retention_changed",
        target=str(agency.pk),
        actor_id=actor_id,
        detail={"before": before, "after": months},
    )
    return True


@transaction.atomic
def add_member(
    *,
    agency: Agency,
    user: User,
    role: Role,
    iacrea_user_id: UUID | None = None,
    joined: bool = True,
) -> Membership:
    """Give a user a role in an agency, and the iacrea user id that names them at our door. Whoever
    was not asked has not `joined`: what they call themselves, and when they come, is theirs."""
    membership = Membership.objects.create(
        agency=agency,
        user=user,
        role=role,
        iacrea_user_id=iacrea_user_id or uuid4(),
        joined_at=database_now() if joined else None,
    )
    record(agency=agency, action="member.added", target=str(membership.pk), detail={"role": role})
    return membership


def note_joined(member: Membership) -> None:
    """They came themselves, and work here."""
    Membership.objects.filter(pk=member.pk, joined_at=None).update(joined_at=database_now())


@transaction.atomic
def bring_back_member(
    member: Membership, *, role: Role, iacrea_user_id: UUID | None = None, actor_id: str = ""
) -> None:
    """Somebody who was removed, on the row that has their projects; without the limit of then."""
    member.role, member.removed_at, member.monthly_cap = role, None, None
    member.iacrea_user_id = iacrea_user_id or member.iacrea_user_id
    member.save(update_fields=["role", "removed_at", "monthly_cap", "iacrea_user_id"])
    record(
        agency=member.agency, action="member.brought_back", target=str(member.pk),
        actor_id=actor_id, detail={"role": role},
    )  # fmt: skip


def find_or_create_user(*, email: str, name: str = "", password: str | None = None) -> User:
    """The user with this address; a new one can sign in only once a password is set."""
    existing = User.objects.filter(email=email.lower()).first()
    return existing or User.objects.create_user(email, password, name=name)


@transaction.atomic
def put_member(
    *, agency: Agency, iacrea_user_id: UUID, email: str, name: str = "", role: Role | None = None
) -> bool:
    """The person with this address is a member with this iacrea user id; True if they were none,
    or were removed.

    Raises OtherMember when the id is somebody else's, OwnerByOwners for the role of an owner.
    """
    is_known = User.objects.filter(email=email.lower()).exists()
    user = find_or_create_user(email=email, name=name)
    # Of two at once the second finds the first.
    Agency.objects.select_for_update().get(pk=agency.pk)
    members = Membership.objects.for_agency(agency)
    if members.filter(iacrea_user_id=iacrea_user_id).exclude(user=user).exists():
        raise OtherMember
    member = members.filter(user=user).first()
    if member is None:
        add_member(
            agency=agency,
            user=user,
            role=role or Role.MEMBER,
            iacrea_user_id=iacrea_user_id,
            joined=not is_known,
        )
        return True
    if member.removed_at:
        # Not with the role of then, which may be an owner's.
        bring_back_member(member, role=role or Role.MEMBER, iacrea_user_id=iacrea_user_id)
        return True
    _change_member(member, iacrea_user_id, role or Role(member.role))
    return False


def _change_member(member: Membership, iacrea_user_id: UUID, role: Role) -> None:
    if (member.iacrea_user_id, member.role) == (iacrea_user_id, role):
        return
    if role != member.role and member.role == Role.OWNER:
        raise OwnerByOwners
    Membership.objects.filter(pk=member.pk).update(iacrea_user_id=iacrea_user_id, role=role)
    detail = {"role": role, "iacrea_user_id": str(iacrea_user_id)}
    record(agency=member.agency, action="member.changed", target=str(member.pk), detail=detail)


@transaction.atomic
def set_iacrea_user_id(
    member: Membership, *, iacrea_user_id: UUID, actor_id: str, reason: str
) -> bool:
    """By staff: what names the member at our door. False: it is so already. Raises OtherMember."""
    Agency.objects.select_for_update().get(pk=member.agency_id)
    mine = Membership.objects.for_agency(member.agency)
    if mine.exclude(pk=member.pk).filter(iacrea_user_id=iacrea_user_id).exists():
        raise OtherMember
    changed = mine.filter(pk=member.pk).exclude(iacrea_user_id=iacrea_user_id)
    if not changed.update(iacrea_user_id=iacrea_user_id):
        return False
    record(
        agency=member.agency, action="member.changed", target=str(member.pk), actor_id=actor_id,
        reason=reason,
        detail={"was": str(member.iacrea_user_id), "iacrea_user_id": str(iacrea_user_id)},
    )  # fmt: skip
    return True


# --- Photos, by staff: the ledger keeps who and a code, the audit trail their own words


@transaction.atomic
def grant_pack(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    actor_id: str,
    reason: StaffReason,
    note: str = "",
    usable_until: datetime | None = None,
    form_id: UUID | None = None,
) -> PhotoLot:
    """Give what an agency bought, usable for ever unless said otherwise."""
    lot = grant_photos(
        agency=agency,
        mode=mode,
        photos=photos,
        source=LotSource.PACK,
        usable_until=usable_until,
        actor_id=actor_id,
        reason=reason,
    )
    _record("photos.granted", agency, mode, photos, str(lot.pk), actor_id, reason, note, form_id)
    return lot


@transaction.atomic
def adjust_photos(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    actor_id: str,
    reason: StaffReason,
    note: str = "",
    lot_id: UUID | None = None,
    form_id: UUID | None = None,
) -> None:
    """Take photos away that nobody holds, from one lot or from those that expire first. Raises
    NoPhotosLeft when there are fewer. More photos are a grant, never an adjustment."""
    if photos < 1:
        raise ValueError("an adjustment removes at least one photo")
    remove_photos(
        agency_id=agency.pk,
        mode=mode,
        photos=photos,
        reason=reason,
        actor_id=actor_id,
        lot_id=lot_id,
    )
    target = str(lot_id or agency.pk)
    _record("photos.adjusted", agency, mode, photos, target, actor_id, reason, note, form_id)


@transaction.atomic
def refund_captured_photos(
    *,
    agency: Agency,
    mode: Mode,
    generation_id: UUID,
    actor_id: str,
    reason: StaffReason,
    note: str = "",
) -> PhotoLot:
    """Make good what a generation was charged, by a lot of goodwill that does not expire. The
    charge itself stays: what was captured is never released."""
    lock_quota(agency.pk, mode)  # of two refunds the second must see the first
    photos = captured_photos(agency, mode, generation_id)
    if not photos:
        raise NothingCaptured(generation_id)
    if is_refunded(generation_id):
        raise AlreadyRefunded(generation_id)
    lot = grant_photos(
        agency=agency,
        mode=mode,
        photos=photos,
        source=LotSource.GOODWILL,
        refunds=generation_id,
        actor_id=actor_id,
        reason=reason,
    )
    target = str(generation_id)
    _record("photos.refunded", agency, mode, photos, target, actor_id, reason, note)
    return lot


@transaction.atomic
def set_plan(*, agency: Agency, photos_per_month: int, actor_id: str, note: str = "") -> Plan:
    """What the next sweep grants, and each month after; 0 ends it. Photos that this month was
    given already stay as they are."""
    plan, _created = Plan.objects.update_or_create(
        agency=agency, defaults={"photos_per_month": photos_per_month}
    )
    record(
        agency=agency,
        action="plan.set",
        target=str(plan.pk),
        actor_id=actor_id,
        reason=note,
        detail={"photos_per_month": photos_per_month},
    )
    return plan


def _record(
    action: str,
    agency: Agency,
    mode: Mode,
    photos: int,
    target: str,
    actor_id: str,
    reason: StaffReason,
    note: str,
    form_id: UUID | None = None,
) -> None:
    """`form_id`: of the page that was filled in, for grants.py."""
    form = {"form": str(form_id)} if form_id else {}
    detail = {"mode": mode, "photos": photos, "code": reason, **form}
    record(
        agency=agency, action=action, target=target, actor_id=actor_id, reason=note, detail=detail
    )


def _grant(agency: Agency, mode: Mode, photos: int, source: LotSource) -> None:
    grant_photos(agency=agency, mode=mode, photos=photos, source=source, reason="agency created")
