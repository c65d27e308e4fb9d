"""How long a statement waits for what another transaction holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

SQLITE_BUSY, LOCK_NOT_AVAILABLE = 5, "55P03"


class Locked(Exception):
    """The other transaction did not end in time."""


@contextmanager
def brief_turns(milliseconds: int) -> Iterator[None]:
    """On SQLite, where one transaction writes at a time, wait so long for a turn, and no longer.
    PostgreSQL has no turns; what bounds its waits, lock_timeout, is set within a transaction."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


@contextmanager
def locked_is_told() -> Iterator[None]:
    """Locked, where the database says so in its own way."""
    try:
        yield
    except OperationalError as error:
        cause: Any = error.__cause__
        busy = getattr(cause, "sqlite_errorcode", None) == SQLITE_BUSY
        if busy or getattr(cause, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise Locked from None
        raise
