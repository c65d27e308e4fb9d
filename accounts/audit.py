"""The one writer of the audit trail."""

from typing import Any

from accounts.models import Agency, AuditEntry


def record(
    *,
    agency: Agency | None,
    action: str,
    target: str = "",
    actor_id: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry, in the transaction of what it tells."""
    return AuditEntry.objects.create(
        agency=agency,
        action=action,
        target=target,
        actor_id=actor_id,
        reason=reason,
        detail=detail or {},
    )
