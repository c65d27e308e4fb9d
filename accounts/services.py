"""Writes on agencies and people. Each function is one transaction."""

import base64
import secrets
from uuid import UUID, uuid4

from django.db import transaction

from accounts.audit import record
from accounts.choices import LotSource, Mode, Role
from accounts.models import Agency, Membership, PhotoQuota, User
from accounts.quota import grant_photos

TEST_PHOTOS = 1000


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
def add_member(
    *, agency: Agency, user: User, role: Role, iacrea_user_id: UUID | None = None
) -> Membership:
    """Give a user a role in an agency, and the iacrea user id that names them at our door."""
    membership = Membership.objects.create(
        agency=agency, user=user, role=role, iacrea_user_id=iacrea_user_id or uuid4()
    )
    record(agency=agency, action="member.added", target=str(membership.pk), detail={"role": role})
    return membership


def find_or_create_user(*, email: str, name: str = "", password: str | None = None) -> User:
    """The user with this address; a new one can sign in only once a password is set."""
    existing = User.objects.filter(email=email.lower()).first()
    return existing or User.objects.create_user(email, password, name=name)


def _grant(agency: Agency, mode: Mode, photos: int, source: LotSource) -> None:
    grant_photos(agency=agency, mode=mode, photos=photos, source=source, reason="agency created")
