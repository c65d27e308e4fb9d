"""Closing a row of the discrepancy list: support has seen iacrea's books, and says what it saw."""

from django.db import transaction

from accounts import audit
from integrations.doors.clock import database_now
from projects.models import Discrepancy


@transaction.atomic
def close(discrepancy: Discrepancy, *, reason: str, actor_id: str) -> bool:
    """False: somebody else has closed it, and their reason stands."""
    if not reason.strip():
        raise ValueError("a discrepancy is closed with a reason")
    still_open = Discrepancy.objects.filter(pk=discrepancy.pk, closed_at=None)
    if not still_open.update(closed_at=database_now(), closed_by=actor_id, reason=reason[:500]):
        return False
    audit.record(
        agency=discrepancy.agency,
        action="discrepancy.close",
        target=str(discrepancy.generation_id or discrepancy.pk),
        actor_id=actor_id,
        reason=reason[:500],
        detail={"code": discrepancy.code},
    )
    return True
