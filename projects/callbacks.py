"""The doorbell that iacrea rings when a job ends. Its body is never believed; all that is read of
it is an id that may be asked for, where none is known (T10, T17).

That it rang is kept, and nothing more: iacrea may call hundreds of times a second. What follows
from it is the sweep's work: projects/pipeline/rings.py.
"""

import hashlib
import json
from typing import Any

from django.db import connection

from integrations.doors.clock import database_now
from projects.models import Attempt

# Of one doorbell, until the sweep has looked. A flood beyond it fills no disk.
MAX_WAITING = 100
MAX_BODY = 64 * 1024
MAX_ID_LENGTH = 200
# One statement by hand: the ORM's two take ten times the processor (docs/performance.md), and this
# one takes no lock that a transition waits for.
STORE = """\
INSERT INTO projects_callbackreceipt (attempt_id, candidate_id, received_at)
SELECT id, %s, %s FROM projects_attempt AS attempt WHERE token_sha256 = %s AND %s > (
    SELECT COUNT(*) FROM projects_callbackreceipt
    WHERE attempt_id = attempt.id AND handled_at IS NULL
)
"""


class Flooded(Exception):
    """An id that may matter came behind too many calls: not stored, iacrea must call again."""


def ring(token: str, body: bytes = b"") -> bool:
    """Keep that it rang. False for an unknown token; Flooded when there was no room for its id."""
    hashed, candidate = hashlib.sha256(token.encode()).hexdigest(), candidate_in(body)
    if _store(hashed, candidate):
        return True
    attempt = Attempt.objects.filter(token_sha256=hashed).first()
    if attempt and candidate and not attempt.callbacks.filter(candidate_id=candidate).exists():
        raise Flooded
    return attempt is not None


def candidate_in(body: bytes) -> str:
    """The id that the body names, if it could be one; nothing else of it is read."""
    if len(body) > MAX_BODY:
        return ""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""  # a ring without an id rings all the same
    found = said.get("generation_id") if isinstance(said, dict) else None
    # Also no NUL and no lone surrogate, which no database takes.
    usable = isinstance(found, str) and found.isprintable() and len(found) <= MAX_ID_LENGTH
    return str(found) if usable else ""


def _store(hashed: str, candidate: str) -> bool:
    """False: nobody has this token, or too many of its calls wait."""
    now = connection.ops.adapt_datetimefield_value(database_now())
    with connection.cursor() as cursor:
        cursor.execute(STORE, [candidate, now, hashed, MAX_WAITING])
        return bool(cursor.rowcount)
