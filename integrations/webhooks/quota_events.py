"""What an agency's software and its owners are told of its photos, in the transaction that holds
one."""

from datetime import timedelta
from uuid import UUID

from accounts.choices import Mode, NotificationKind
from accounts.notifications import notify_owners, told_since
from accounts.selectors import photos_last_given
from integrations.doors.clock import database_now
from integrations.webhooks.choices import EventType
from integrations.webhooks.events import write_event

# Low is a tenth of what was last given, within these.
LEAST, MOST = 5, 100
# A photo that is given back and held again is no news for people.
QUIET = timedelta(days=1)
KINDS = {
    EventType.QUOTA_LOW: NotificationKind.QUOTA_LOW,
    EventType.QUOTA_EXHAUSTED: NotificationKind.QUOTA_EXHAUSTED,
}


def write_quota_event(agency_id: UUID, mode: Mode, *, held: int, left: int) -> None:
    """`quota.exhausted` when nothing is left, `quota.low` when a hold crosses the threshold: once
    for each time that they run low. Nothing is asked of the database while there are many."""
    if left == 0:
        _write(EventType.QUOTA_EXHAUSTED, agency_id, mode, {"available": 0})
    elif left <= MOST:
        threshold = low_threshold(photos_last_given(agency_id, mode))
        if left <= threshold < left + held:
            facts = {"available": left, "threshold": threshold}
            _write(EventType.QUOTA_LOW, agency_id, mode, facts)


def low_threshold(given: int) -> int:
    return min(max(LEAST, given // 10), MOST)


def _write(event_type: EventType, agency_id: UUID, mode: Mode, data: dict[str, int]) -> None:
    write_event(
        agency_id=agency_id, mode=mode, event_type=event_type, subject_id=agency_id, data=data
    )
    if mode == Mode.LIVE:
        _tell_owners(agency_id, KINDS[event_type], {"available": str(data["available"])})


def _tell_owners(agency_id: UUID, kind: NotificationKind, facts: dict[str, str]) -> None:
    if not told_since(agency_id, kind, database_now() - QUIET):
        notify_owners(agency_id, kind, facts)
