"""How often a key calls: counted in the database, which all workers of all hosts share."""

import math
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from integrations.doors.locks import Locked, brief_turns, locked_is_told

WINDOW_S = 60
WAIT_MS = 500
# The database's clock: those of two hosts would begin each other's minutes anew.
NOW = {
    "postgresql": "extract(epoch FROM clock_timestamp())",
    "sqlite": "(julianday('now') - 2440587.5) * 86400",
}
# One statement by hand, since each call makes it. A row that is from the future, because a clock
# was set back, is over as well.
COUNT = """\
INSERT INTO accounts_ratewindow AS seen (api_key_id, began_at, calls, creates)
VALUES (%s, {now}, 1, %s)
ON CONFLICT (api_key_id) DO UPDATE SET
    began_at = CASE WHEN {over} THEN excluded.began_at ELSE seen.began_at END,
    calls = CASE WHEN {over} THEN 0 ELSE seen.calls END + 1,
    creates = CASE WHEN {over} THEN 0 ELSE seen.creates END + excluded.creates
RETURNING calls, creates, began_at + {window} - {now}
"""
OVER = f"abs(excluded.began_at - seen.began_at) >= {WINDOW_S}"
COUNT_ON = {
    vendor: COUNT.format(now=now, over=OVER, window=WINDOW_S) for vendor, now in NOW.items()
}


@dataclass(frozen=True)
class Usage:
    """A key's calls, or creates, in its current minute; `left` is negative above the limit."""

    limit: int
    left: int
    ends_in_s: int

    @property
    def is_exceeded(self) -> bool:
        return self.left < 0


def count_call(key_id: UUID, *, creates: bool) -> Usage | None:
    """Count a call. Of a create, which counts twice, what is left of the scarcer. None when SQLite
    was busy: a call that only reads does not wait for one that writes for long."""
    try:
        with locked_is_told(), brief_turns(WAIT_MS):
            calls, created, ends_in = _count(key_id, creates)
    except Locked:
        return None
    limits = [(settings.API_CALLS_PER_MINUTE, calls)]
    if creates:
        limits.append((settings.API_CREATES_PER_MINUTE, created))
    ends_in_s = max(1, math.ceil(ends_in))
    usages = [Usage(limit, limit - made, ends_in_s) for limit, made in limits]
    return min(usages, key=lambda usage: usage.left)


def _count(key_id: UUID, creates: bool) -> tuple[int, int, float]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON[connection.vendor], [key_id.hex, int(creates)])
        row: tuple[int, int, float] = cursor.fetchone()
        return row
