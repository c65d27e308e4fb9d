"""A row stored as `save(force_insert=True)` stores it, by SQL that is made once for each model.

For what is stored hundreds of times a second: the ORM makes its INSERT anew for each row, which
costs several times the round trip (docs/performance.md).
"""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

Columns = tuple[Field[Any, Any], ...]


def insert(row: Model) -> None:
    """Raises IntegrityError as save() does. No signal is sent, and a number that the database gives
    as the id is not read back."""
    columns, statement = _statement(type(row))
    values = [column.get_db_prep_save(_value(row, column), connection) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> tuple[Columns, str]:
    meta, quoted = model._meta, connection.ops.quote_name
    columns = tuple(field for field in meta.local_concrete_fields if field is not meta.auto_field)
    names = ", ".join(quoted(str(column.column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = quoted(meta.db_table)
    return columns, f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (our own names)


def _value(row: Model, column: Field[Any, Any]) -> Any:
    """The database's own default is said too, so that the row has it without being read."""
    value: Any = column.pre_save(row, add=True)
    if isinstance(value, DatabaseDefault):
        value = vars(value)["expression"].value
        setattr(row, column.attname, value)
    return value
