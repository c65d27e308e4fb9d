"""Names change what people read, in one step, and nothing that a database keeps."""

from collections.abc import Iterator

from django.db import models
from django.db.migrations import AlterField, AlterModelOptions
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from integrations.doors.naming import Names

LONG = models.CharField("long name", max_length=20)


def garden() -> ProjectState:
    state = ProjectState()
    key = ("id", models.AutoField(primary_key=True))
    fields = [key, ("name", models.CharField(max_length=20))]
    state.add_model(ModelState("gardens", "Garden", fields))
    assert state.apps  # built, as while migrations run
    return state


def test_the_models_have_their_names_once_they_are_needed() -> None:
    state = garden()
    options = {"verbose_name": "jardin", "verbose_name_plural": "jardins"}
    Names(
        state_operations=[AlterField("Garden", "name", LONG), AlterModelOptions("Garden", options)]
    ).state_forwards("gardens", state)
    assert "apps" not in vars(state), "not built anew for each name"
    found = state.apps.get_model("gardens", "Garden")._meta
    assert (found.verbose_name, found.get_field("name").verbose_name) == ("jardin", "long name")


def named() -> Iterator[tuple[ProjectState, str, Operation]]:
    """Every operation in a `Names` of ours, with what was before its migration."""
    loader = MigrationLoader(None)
    for node, migration in loader.disk_migrations.items():
        for group in migration.operations:
            if isinstance(group, Names):
                before = loader.project_state(node, at_end=False)
                yield from ((before, node[0], each) for each in group.state_operations)


def in_a_database(field: models.Field) -> tuple[object, ...]:
    """What of a field is in a table, as Django's schema editors tell it from the rest."""
    _name, path, args, options = field.deconstruct()
    return path, args, {name: options[name] for name in options if name not in field.non_db_attrs}


def test_no_database_has_anything_of_them() -> None:
    altered = 0
    for state, app, operation in named():
        if isinstance(operation, AlterModelOptions):
            assert set(operation.options) <= {"ordering", "verbose_name", "verbose_name_plural"}
            continue
        assert isinstance(operation, AlterField)
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        assert in_a_database(before) == in_a_database(operation.field), operation.describe()
        altered += 1
    assert altered > 100
