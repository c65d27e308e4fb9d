"""A create that is asked for again with its Idempotency-Key is answered again, and not done again.

The row of the key is the first write of the transaction that creates, before the agency's quota
row. A twin therefore waits in the database for the end of the first: on PostgreSQL at the unique
index, on SQLite, where one transaction writes at a time, for its turn. When the first is undone, by
an error or because it was killed, so is its row, and the twin is the first.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from accounts.choices import Mode
from accounts.exceptions import KeyInProgress, KeyReused
from accounts.models import IdempotentAnswer
from accounts.querysets import TenantQuerySet
from integrations.doors.batches import delete_batch
from integrations.doors.clock import database_now
from integrations.doors.locks import Locked, brief_turns, locked_is_told

# For a first that is still at work.
WAIT_MS = 3000
# Older than that a key is new again.
VALID = timedelta(hours=24)
# What became of it can be looked up for longer.
KEPT = timedelta(hours=72)
CLAIM = """\
INSERT INTO accounts_idempotentanswer AS known
    (agency_id, mode, path, key, body_sha256, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (agency_id, mode, path, key)
DO UPDATE SET body_sha256 = excluded.body_sha256, created_at = excluded.created_at
WHERE known.created_at <= %s
"""


@dataclass(frozen=True)
class Key:
    agency_id: UUID
    mode: Mode
    path: str
    text: str

    def row(self) -> TenantQuerySet[IdempotentAnswer]:
        rows = IdempotentAnswer.objects.for_agency(self.agency_id, self.mode)
        return rows.filter(path=self.path, key=self.text)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    replayed: bool = False


def answer_once(key: Key, body_sha256: str, create: Callable[[], Answer]) -> Answer:
    """What `create` answers, or has answered to this key. What it raises undoes all of it.

    Raises KeyReused for another body, KeyInProgress when the first does not end.
    """
    with _claimed(key, body_sha256) as is_first:
        if not is_first:
            return _earlier(key, body_sha256)
        answer = create()
        key.row().update(status=answer.status, answer=answer.text)
        return answer


def forget_old_answers() -> int:
    """A batch of what is kept no longer; returns rows."""
    return delete_batch(IdempotentAnswer.objects.filter(created_at__lte=database_now() - KEPT))


@contextmanager
def _claimed(key: Key, body_sha256: str) -> Iterator[bool]:
    """The transaction to create in, and whether this is the first to have the key."""
    with ExitStack() as until_the_end:
        try:
            with locked_is_told(), brief_turns(WAIT_MS):
                until_the_end.enter_context(transaction.atomic())
                is_first = _claim(key, body_sha256)
        except Locked:
            raise KeyInProgress from None
        yield is_first


def _claim(key: Key, body_sha256: str) -> bool:
    now = database_now()
    times = [connection.ops.adapt_datetimefield_value(t) for t in (now, now - VALID)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL lock_timeout = {WAIT_MS}")
        name = [key.agency_id.hex, key.mode, key.path, key.text]
        cursor.execute(CLAIM, [*name, body_sha256, *times])
        is_first = bool(cursor.rowcount)
        if connection.vendor == "postgresql":
            # The agency's quota row is waited for as long as without a key.
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return is_first


def _earlier(key: Key, body_sha256: str) -> Answer:
    """Its row is committed, and locked by the claim."""
    found = key.row().get()
    if found.body_sha256 != body_sha256:
        raise KeyReused
    return Answer(found.status, found.answer, replayed=True)


def forget(agency_id: UUID, mode: Mode, object_id: str) -> None:
    """The answers that show this object: an erasure leaves no copy."""
    answers = IdempotentAnswer.objects.for_agency(agency_id, mode)
    answers.filter(answer__contains=object_id).delete()
