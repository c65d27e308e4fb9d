"""Retry-After, in both forms of RFC 9110, held between a second and a quarter of an hour."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST_S, LONGEST_S = 1, 15 * 60
# Without a header, or with one that says nothing.
DEFAULT_S = 30


def seconds_to_wait(header: str) -> int:
    """How long to wait, in whole seconds."""
    text = header.strip()
    if text.isdecimal():
        return _clamped(int(text[:9]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return DEFAULT_S
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return _clamped(round((moment - datetime.now(UTC)).total_seconds()))


def _clamped(seconds: int) -> int:
    return min(max(seconds, SHORTEST_S), LONGEST_S)
