"""Who looks as whom, until when: kept in the staff person's session, told in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import visits
from accounts.models import Membership, User
from accounts.selectors import member_with_id
from accounts.staff.command import SUPPORT

KEY = "looking"


@dataclass(frozen=True)
class Look:
    member: Membership
    began_at: datetime
    visit_id: UUID

    @property
    def left(self) -> timedelta:
        return self.began_at + visits.LONGEST - timezone.now()

    @property
    def is_over(self) -> bool:
        return self.left <= timedelta(0)

    @property
    def clock(self) -> str:
        """Such as 14:59."""
        minutes, seconds = divmod(max(0, int(self.left.total_seconds())), 60)
        return f"{minutes}:{seconds:02}"


def may_be_looked_at(member: Membership) -> bool:
    """Never as a colleague: their pages would lend what they may."""
    user = member.user
    return not (member.removed_at or user.is_staff or user.is_superuser) and user.is_active


def begin(request: HttpRequest, member: Membership, reason: str) -> None:
    """Another look that goes on ends here."""
    leave(request)
    visit = visits.begin(member, actor_id=str(request.user.pk), reason=reason)
    request.session[KEY] = {
        "member": str(member.pk),
        "began": visit.created_at.isoformat(),
        "visit": str(visit.pk),
    }


def current(request: HttpRequest) -> Look | None:
    """Also one whose time is over; None where there is none, or where it may not be any more."""
    kept = request.session.get(KEY)
    if kept is None:
        return None
    member = member_with_id(kept["member"])
    look = _look(member, kept) if member and may_be_looked_at(member) else None
    if look and _may_look(request.user) and not _was_left(look):
        return look
    leave(request)
    return None


@transaction.atomic
def leave(request: HttpRequest) -> None:
    if kept := request.session.pop(KEY, None):
        visits.end(UUID(kept["visit"]))


def signed_out(request: HttpRequest | None, **_signal: Any) -> None:
    """Receives user_logged_out, before the session is thrown away with what it knows."""
    if request is not None:
        leave(request)


def _look(member: Membership, kept: Mapping[str, str]) -> Look:
    return Look(member, datetime.fromisoformat(kept["began"]), UUID(kept["visit"]))


def _was_left(look: Look) -> bool:
    """A request that was slow may have written the session back as it was before."""
    return visits.has_ended(look.visit_id, look.member.agency_id)


def _may_look(user: Any) -> bool:
    return isinstance(user, User) and user.is_staff and user.has_perm(SUPPORT)
