"""Closing a complaint: support has looked at the picture, and says what they did about it."""

from django.db import transaction

from accounts import audit
from integrations.doors.clock import database_now
from projects import effects
from projects.models import Complaint


@transaction.atomic
def close(complaint: Complaint, *, reason: str, actor_id: str) -> bool:
    """False: somebody else has closed it, and their reason stands."""
    if not reason.strip():
        raise ValueError("a complaint is closed with a reason")
    still_open = Complaint.objects.filter(pk=complaint.pk, closed_at=None)
    if not still_open.update(closed_at=database_now()):
        return False
    effects.tell(complaint.generation, "complaint_closed")
    audit.record(
        agency=complaint.agency,
        action="complaint.close",
        target=str(complaint.generation_id),
        actor_id=actor_id,
        reason=reason[:500],
        detail={"reason": complaint.reason},
    )
    return True
