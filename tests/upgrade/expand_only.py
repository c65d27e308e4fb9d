"""What a migration may do while the code of the release before still runs: add, never take away.

The old code names each of its columns in what it reads and writes, and none of the new ones.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

GONE = (ops.RemoveField, ops.RenameField, ops.DeleteModel, ops.RenameModel, ops.AlterModelTable)
STRICTER = (ops.AddConstraint, ops.AlterUniqueTogether, ops.AlterIndexTogether)


def complaints(migration: Migration, before: ProjectState) -> Iterator[str]:
    """Of what old code would trip over; `before` is changed on the way."""
    made: set[str] = set()
    for operation in migration.operations:
        after = before.clone()
        operation.state_forwards(migration.app_label, after)
        yield from _judged(operation, migration.app_label, before, after, made)
        before = after


def _judged(
    operation: Operation, app: str, before: ProjectState, after: ProjectState, made: set[str]
) -> Iterator[str]:
    if isinstance(operation, ops.CreateModel):
        made.add(operation.name_lower)  # old code does not know it: it may be changed at will
    elif isinstance(operation, ops.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _judged(inner, app, before, after, made)
    elif getattr(operation, "model_name_lower", "") not in made:
        yield from _of_old_table(operation, app, before, after)


def _of_old_table(
    operation: Operation, app: str, before: ProjectState, after: ProjectState
) -> Iterator[str]:
    told = operation.describe()
    if isinstance(operation, GONE):
        yield f"{told}: old code still names it"
    elif isinstance(operation, STRICTER):
        yield f"{told}: old code may write what it forbids"
    elif isinstance(operation, ops.RunSQL):
        yield f"{told}: nobody can tell by reading whether old code bears it"
    elif isinstance(operation, ops.AddField) and _must_be_given(operation.field):
        yield f"{told}: old code gives it no value, so it needs null=True or a db_default"
    elif isinstance(operation, ops.AlterField):
        key = (app, operation.model_name_lower)
        fields = [state.models[key].fields[operation.name] for state in (before, after)]
        yield from (f"{told}: {why}" for why in _stricter(*fields))


def _must_be_given(field: Any) -> bool:
    return not (field.many_to_many or field.null or field.db_default is not NOT_PROVIDED)


def _stricter(old: Any, new: Any) -> Iterator[str]:
    if old.null and not new.null:
        yield "old code may write NULL"
    if not _must_be_given(old) and _must_be_given(new):
        yield "old code gives it no value"
    if new.unique and not old.unique:
        yield "old code may write it twice"
    if (new.max_length or 10**9) < (old.max_length or 10**9):
        yield "old code may write what is longer"
    if _kind(old) != _kind(new):
        yield f"old code reads {_kind(old)}, and finds {_kind(new)}"


def _kind(field: Any) -> str:
    """The type without its length, as far as it is told without the models."""
    if field.is_relation:
        return "a relation"
    return str(field.db_type(connection)).partition("(")[0]


def of_all(migrations: Iterable[tuple[Migration, ProjectState]]) -> dict[str, list[str]]:
    """By the names of the migrations that old code would trip over."""
    told = {str(migration): list(complaints(migration, before)) for migration, before in migrations}
    return {name: lines for name, lines in told.items() if lines}
