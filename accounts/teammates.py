"""Everybody who works in an agency, with what a team page says of them. Apart from the selectors:
it reads rows of allauth, which not every part of the product has loaded."""

from datetime import datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Case, Exists, OuterRef, Subquery, When

from accounts.choices import Role
from accounts.models import Agency, Membership


class Teammate(NamedTuple):
    member: Membership
    has_second_factor: bool
    seen_at: datetime | None


def team_of(agency: Agency) -> list[Teammate]:
    """Everybody, owners first, in one query. Of who has not come themselves, nothing is told."""
    members = Membership.objects.present().for_agency(agency).select_related("user")
    codes = Authenticator.Type.RECOVERY_CODES
    factors = Authenticator.objects.filter(user=OuterRef("user_id")).exclude(type=codes)
    place = Case(*(When(role=role, then=place) for place, role in enumerate(Role)))
    sessions = UserSession.objects.filter(user=OuterRef("user_id")).order_by("-last_seen_at")
    rows = members.annotate(
        has_second_factor=Exists(factors), seen_at=Subquery(sessions.values("last_seen_at")[:1])
    )
    return [
        Teammate(row, row.has_second_factor, row.seen_at or row.user.last_login)
        if row.joined_at
        else Teammate(row, has_second_factor=False, seen_at=None)
        for row in rows.order_by(place, "created_at")
    ]
