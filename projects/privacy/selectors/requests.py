"""Whether an agency has asked to be erased. The audit trail says so: its newest line of the two."""

from datetime import datetime, timedelta

from accounts.models import Agency, AuditEntry, User

ASKED, WITHDRAWN = "agency.erasure_asked", "agency.erasure_withdrawn"
# So long it can be called back.
WAITS = timedelta(days=7)


def open_request(agency: Agency) -> AuditEntry | None:
    entries = AuditEntry.objects.for_agency(agency).filter(action__in=(ASKED, WITHDRAWN))
    newest = entries.order_by("-created_at").first()
    return newest if newest and newest.action == ASKED else None


def due_at(request: AuditEntry) -> datetime:
    return request.created_at + WAITS


def request_with_id(entry_id: str) -> AuditEntry | None:
    rows = AuditEntry.objects.filter(pk=entry_id, action__in=(ASKED, WITHDRAWN))
    return rows.select_related("agency").first()


def author_of(request: AuditEntry) -> User | None:
    return User.objects.filter(memberships__pk=request.actor_id).first()
