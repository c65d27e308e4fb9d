"""Rows copied within the database, by the hundred thousand: nothing travels, and each column that
is not changed is that of a row which the product itself has made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

# As SQL: the copy's own number.
NUMBER = "number"
UUID_OF = {"postgresql": "md5('{}' || {})::uuid", "sqlite": "md5('{}' || {})"}
MOMENT = {
    "postgresql": "%(begin)s::timestamptz + ({}) * interval '1 second'",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', %(begin)s, ({}) || ' seconds')",
}
COPY = """\
INSERT INTO {table} ({columns})
WITH RECURSIVE copies(number) AS (
    SELECT {first} UNION ALL SELECT number + 1 FROM copies WHERE number < {last}
)
SELECT {values} FROM copies JOIN {table} AS source ON source.id = %(source)s WHERE {where}
"""


@dataclass(frozen=True)
class Series:
    """`name` is in each id: two series never make the same. Number n is of `begin` plus n steps."""

    name: str
    begin: datetime
    step: timedelta

    def id_of(self, kind: str, number: str = NUMBER) -> str:
        """SQL: always the same for this kind and number, and else like a random UUID."""
        return UUID_OF[connection.vendor].format(f"{self.name}-{kind}-", number)

    def moment(self, number: str = NUMBER, *, later_s: int = 0) -> str:
        """SQL: the time of a number, or some seconds later."""
        seconds = f"({number}) * {self.step.total_seconds():.6f} + {later_s}"
        return MOMENT[connection.vendor].format(seconds)

    def copy(
        self, source: Model, numbers: range, changes: Mapping[str, str], *, where: str = "1 = 1"
    ) -> int:
        """A copy of the row for each of the numbers that fit `where`; returns how many. `changes`
        is SQL for each field that differs, `id` at least."""
        quote = connection.ops.quote_name
        columns = {f.name: quote(str(f.column)) for f in source._meta.concrete_fields}
        assert changes.keys() <= columns.keys(), "it has no such field"
        values = [changes.get(name, f"source.{column}") for name, column in columns.items()]
        said = COPY.format(
            table=quote(source._meta.db_table),
            columns=", ".join(columns.values()),
            values=", ".join(values),
            first=numbers[0],
            last=numbers[-1],
            where=where,
        )
        begin = connection.ops.adapt_datetimefield_value(self.begin)
        with connection.cursor() as cursor:
            cursor.execute(said, {"source": source.pk.hex, "begin": begin})
            return int(cursor.rowcount)
