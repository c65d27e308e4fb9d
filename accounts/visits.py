"""Support's visits: staff looked at the pages of an agency as one of its members. A visit is two
entries of the audit trail, so that the agency sees it like everything else that was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Agency, AuditEntry, Membership

BEGAN, ENDED = "agency.looked_at", "agency.look_ended"
LONGEST = timedelta(minutes=15)
NEWEST = 20


@dataclass(frozen=True)
class Visit:
    began_at: datetime
    # As whom; None for a person whose name is gone.
    member: Membership | None
    reason: str
    # None while it lasts.
    minutes: int | None


def begin(member: Membership, *, actor_id: str, reason: str) -> AuditEntry:
    return record(
        agency=member.agency, action=BEGAN, target=str(member.pk), actor_id=actor_id, reason=reason
    )


@transaction.atomic
def end(visit_id: UUID) -> None:
    """Of two requests at once, the one that comes second finds it ended."""
    visit = AuditEntry.objects.select_for_update(of=("self",)).get(pk=visit_id, action=BEGAN)
    if not has_ended(visit_id, visit.agency_id):
        record(agency=visit.agency, action=ENDED, target=str(visit_id), actor_id=visit.actor_id)


def has_ended(visit_id: UUID, agency_id: UUID | None) -> bool:
    ends = AuditEntry.objects.filter(agency=agency_id, action=ENDED, target=str(visit_id))
    return ends.exists()


def visits_of(agency: Agency) -> list[Visit]:
    """The newest first."""
    mine = AuditEntry.objects.for_agency(agency)
    begun = list(mine.filter(action=BEGAN).order_by("-created_at")[:NEWEST])
    ends = mine.filter(action=ENDED, target__in=[str(each.pk) for each in begun])
    ended = dict(ends.values_list("target", "created_at"))
    people = _people(agency, (each.target for each in begun))
    return [
        Visit(
            each.created_at, people.get(each.target), each.reason,
            _minutes(each.created_at, ended.get(str(each.pk))),
        )
        for each in begun
    ]  # fmt: skip


def _people(agency: Agency, ids: Iterable[str]) -> dict[str, Membership]:
    members = Membership.objects.for_agency(agency).filter(pk__in=set(ids)).select_related("user")
    return {str(member.pk): member for member in members}


def _minutes(began: datetime, ended: datetime | None) -> int | None:
    """What came to its end by itself is ended by the next request, perhaps hours later."""
    lasted = (ended or timezone.now()) - began
    if ended is None and lasted < LONGEST:
        return None
    return ceil(min(lasted, LONGEST) / timedelta(minutes=1))
