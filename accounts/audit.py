"""The one writer of the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Agency, AuditEntry, StaffProposal

# Of what is being confirmed: told here, so that no service has to know who proposed it.
_proposal: ContextVar[dict[str, str] | None] = ContextVar("proposal", default=None)

# Of the page that was filled in: a page that is sent again finds its entry, whatever came since.
_entry_id: ContextVar[UUID | None] = ContextVar("entry_id", default=None)


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
        pk=_entry_id.get() or uuid4(),
        agency=agency,
        action=action,
        target=target,
        actor_id=actor_id,
        reason=reason,
        detail={**(detail or {}), **(_proposal.get() or {})},
    )


@contextmanager
def confirming(proposal: StaffProposal) -> Iterator[None]:
    """What is recorded meanwhile names the proposal, and who made it."""
    told = {"proposal": str(proposal.pk), "proposed_by": str(proposal.proposed_by_id)}
    token = _proposal.set(told)
    try:
        yield
    finally:
        _proposal.reset(token)


@contextmanager
def recording_as(entry_id: UUID) -> Iterator[None]:
    """What is recorded meanwhile is this entry: the database takes it once."""
    token = _entry_id.set(entry_id)
    try:
        yield
    finally:
        _entry_id.reset(token)


def is_recorded(entry_id: UUID) -> bool:
    return AuditEntry.objects.filter(pk=entry_id).exists()
