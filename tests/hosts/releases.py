"""The code of one release after another, each in a folder of its own, as an update brings it.

The earlier one is of the history, where there is one. Those to come are copies of today's with a
column that is added, named no more, and dropped: expand, then contract, a release for each step.
"""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.tree import ROOT, project_files

MIGRATION = """from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("projects", "{before}")]
    operations = [
        {operations}
    ]
"""
COLUMN = 'models.CharField(max_length=20, db_default="")'
# What a developer would write into the class itself.
IN_THE_MODEL = f"""
from django.db import models

{COLUMN}.contribute_to_class(Generation, "shade")
"""


@dataclass(frozen=True)
class Step:
    """A migration, and whether the code that brings it names the column."""

    operations: str
    names_it: bool = False


ADDS = Step(
    f"""migrations.AddField("generation", "shade", {COLUMN}),
        AddIndexConcurrently("generation", models.Index(fields=["shade"], name="shade")),""",
    names_it=True,
)
NAMES_NO_MORE = Step("""migrations.SeparateDatabaseAndState(state_operations=[
            migrations.RemoveIndex("generation", "shade"),
            migrations.RemoveField("generation", "shade"),
        ]),""")
DROPS = Step('migrations.RunSQL("ALTER TABLE projects_generation DROP COLUMN shade"),')
# The mistake that the rule is against: code that names the column runs while it goes.
DROPS_TOO_EARLY = Step(f"{NAMES_NO_MORE.operations}\n        {DROPS.operations}")


@dataclass(frozen=True)
class Release:
    name: str
    folder: Path


def today() -> Release:
    return Release("today's code", ROOT)


def earlier(folder: Path, commit: str = "") -> Release | None:
    """The code of a commit; of the one before the newest migration, if none is named. None: this
    is no clone, or one without so much history."""
    commit = commit or _before_the_newest_migration()
    if not commit:
        return None
    folder.mkdir()
    archive = ["git", "archive", commit]
    packed = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, check=True)
    return Release(f"commit {commit[:7]}", folder)


def _before_the_newest_migration() -> str:
    """Empty where the history begins later."""
    if not (ROOT / ".git").exists():
        return ""
    log = ["git", "log", "--diff-filter=A", "--max-count=1", "--format=%P"]
    pattern = ["--", "*/migrations/0*.py"]
    told = subprocess.run([*log, *pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip().partition(" ")[0]


def to_come(folder: Path, steps: Sequence[Step]) -> Release:
    """Today's code, with the migrations of so many steps; the last one says what the code names."""
    for path in project_files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    for step in steps:
        _add_migration(folder / "projects" / "migrations", step.operations)
    if steps[-1].names_it:
        with (folder / "projects/models/__init__.py").open("a") as module:
            module.write(IN_THE_MODEL)
    return Release("a release to come", folder)


def _add_migration(migrations: Path, operations: str) -> None:
    newest = migrations / "max_migration.txt"
    before = newest.read_text().strip()
    name = f"{int(before[:4]) + 1:04}_shade"
    text = MIGRATION.format(before=before, operations=operations)
    (migrations / f"{name}.py").write_text(text)
    newest.write_text(f"{name}\n")
