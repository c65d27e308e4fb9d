"""Old and new code run together during an update: docs/operating.md, "A new version"."""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tests.upgrade.expand_only import complaints, of_all

OURS = ("accounts", "iacrea", "webhooks", "projects")
BEFORE_RELEASE = "before the first release: no old code ran beside it"
# Whoever adds a line says why no code of the release before trips over it: that it names the
# column no more, say, since which release.
REASONED = {
    "accounts.0003_the_whole_ledger": BEFORE_RELEASE,
    "accounts.0009_team_and_sign_up": BEFORE_RELEASE,
    "accounts.0010_request_log_and_retention": BEFORE_RELEASE,
    "iacrea.0003_what_may_be_sent": BEFORE_RELEASE,
    "iacrea.0005_retired_accounts": BEFORE_RELEASE,
    "projects.0005_late_success": BEFORE_RELEASE,
}
NAME = models.CharField(max_length=20)
GARDEN = migrations.CreateModel(
    "garden", [("id", models.BigAutoField(primary_key=True)), ("name", NAME)]
)
OPTIONAL, PADDED = models.CharField(null=True), models.CharField(db_default="")
WITHOUT_COLUMN = [migrations.RemoveField("garden", "name")]


def test_old_code_bears_each_of_our_migrations() -> None:
    assert of_all(all_of_ours()).keys() == REASONED.keys()


def all_of_ours() -> Iterator[tuple[Migration, ProjectState]]:
    """With the tables as they were before each."""
    loader = MigrationLoader(None)
    for app, name in sorted(key for key in loader.disk_migrations if key[0] in OURS):
        yield loader.disk_migrations[app, name], loader.project_state((app, name), at_end=False)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (migrations.RemoveField("garden", "name"), "still names it"),
        (migrations.RenameField("garden", "name", "title"), "still names it"),
        (migrations.DeleteModel("garden"), "still names it"),
        (migrations.AlterModelTable("garden", "gardens"), "still names it"),
        (migrations.AddField("garden", "hue", models.CharField(default="green")), "no value"),
        (migrations.AlterField("garden", "name", models.CharField(max_length=9)), "longer"),
        (migrations.AlterField("garden", "name", models.IntegerField()), "finds integer"),
        (
            migrations.AlterField("garden", "name", models.CharField(max_length=20, unique=True)),
            "twice",
        ),
        (
            migrations.AddConstraint(
                "garden", models.UniqueConstraint(fields=["name"], name="one_of_a_name")
            ),
            "forbids",
        ),
        (migrations.RunSQL("DROP TABLE garden"), "by reading"),
        (migrations.SeparateDatabaseAndState([migrations.RunSQL("…")]), "by reading"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_takes_away_is_told(operation: Operation, told: str) -> None:
    assert told in " ".join(judged(operation))


def judged(*operations: Operation) -> list[str]:
    """In a migration after the one that made the garden."""
    state = ProjectState()
    GARDEN.state_forwards("gardens", state)
    migration = Migration("0002", "gardens")
    migration.operations = list(operations)
    return list(complaints(migration, state))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("garden", "hue", OPTIONAL),
        migrations.AddField("garden", "size", PADDED),
        migrations.AlterField("garden", "name", models.CharField(max_length=40, null=True)),
        AddIndexConcurrently("garden", models.Index(fields=["name"], name="by_name")),
        migrations.SeparateDatabaseAndState(state_operations=WITHOUT_COLUMN),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_adds_or_names_no_more_is_not(operation: Operation) -> None:
    assert judged(operation) == []


def test_a_table_of_the_same_migration_may_be_changed_at_will() -> None:
    tree = migrations.CreateModel("tree", [("id", models.BigAutoField(primary_key=True))])
    assert judged(tree, migrations.AddField("tree", "name", NAME)) == []


def test_null_may_not_become_forbidden() -> None:
    optional = migrations.AddField("garden", "hue", OPTIONAL)
    told = judged(optional, migrations.AlterField("garden", "hue", models.CharField()))
    assert "write NULL" in " ".join(told) and "no value" in " ".join(told)
