"""One clock for every deadline: the database's, which all hosts share."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone


def database_now() -> datetime:
    """The database's time, aware, in UTC. On SQLite database and host are one machine."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        # Not now(): that is the start of the transaction, which may have waited for a lock.
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


class DatabaseNow(Func):
    """The same within a statement, which saves the round trip that asks for it."""

    template = "clock_timestamp()"
    output_field = DateTimeField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_more: Any) -> tuple[str, Any]:
        return Value(timezone.now(), DateTimeField()).as_sql(compiler, connection)


def utc(moment: datetime) -> str:
    """As the API tells it: ISO 8601 with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
