"""`backup` writes one moment as a whole or not at all; `restore` refuses what it could spoil."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from projects.backups import database, files, folder
from tests.conftest import Cast
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
# The tests' own database has tables; what is refused before is refused here too.
FULL = "There are tables"


@pytest.fixture
def dumped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dump itself needs what is committed: the drill has it."""
    monkeypatch.setattr(database, "dump", lambda target: target.write_bytes(b"a dump"))


@pytest.fixture
def written(dumped: None, tmp_path: Path) -> Path:
    return folder.write(tmp_path)


def refusal(path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("restore", path)
    return str(refused.value)


def facts_of(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((path / folder.FACTS).read_text())
    return facts


def test_it_prints_where_it_is(dumped: None, tmp_path: Path, capsys: Any) -> None:
    call_command("backup", tmp_path / "deep" / "down")
    (made,) = (tmp_path / "deep" / "down").iterdir()
    assert capsys.readouterr().out == f"{made}\n"
    assert made.name.startswith("parterre-2") and made.name.endswith("Z")


def test_nobody_else_reads_it(written: Path) -> None:
    assert stat.S_IMODE(written.stat().st_mode) == 0o700


def test_nothing_is_left_of_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(target: Path) -> None:
        target.write_bytes(b"half")
        raise CommandError("the disk is full")

    monkeypatch.setattr(database, "dump", fail)
    with pytest.raises(CommandError, match="the disk is full"):
        folder.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(dumped: None, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Not a directory"):
        folder.write(tmp_path / "file")


def test_every_file_is_in_the_list(dumped: None, alice: Cast, tmp_path: Path) -> None:
    job = succeeded_generation(alice)
    picture = job.pictures.get()
    made = folder.write(tmp_path)
    lines = [line.split("\t") for line in (made / folder.MANIFEST).read_text().splitlines()]
    by_name = {name: facts for name, *facts in lines}
    assert by_name[picture.file.name] == [str(picture.size), picture.sha256]
    assert by_name[job.photo.file.name] == [str(job.photo.size), job.photo.sha256]
    assert by_name[picture.thumbnail.name] == ["", ""]
    assert facts_of(made)["files"] == len(lines) == len(by_name)


def test_files_that_the_storage_has_not_whole(alice: Cast) -> None:
    job = succeeded_generation(alice)
    picture = job.pictures.get()
    before = set(files.missing())
    assert picture.file.name not in before
    with default_storage.open(picture.file.name, "wb") as file:
        file.write(b"torn")
    assert set(files.missing()) - before == {picture.file.name}
    default_storage.delete(picture.file.name)
    assert set(files.missing()) - before == {picture.file.name}


def test_a_database_with_tables_is_never_written_over(written: Path) -> None:
    assert refusal(written).startswith(FULL)


@pytest.mark.parametrize("spoiled", ["gone", "torn"])
def test_a_dump_that_is_not_what_was_written(written: Path, spoiled: str) -> None:
    dump = written / folder.DATABASES[connection.vendor]
    dump.unlink() if spoiled == "gone" else dump.write_bytes(b"a dum")
    assert "damaged" in refusal(written)


def test_one_of_another_engine(written: Path) -> None:
    facts = {**facts_of(written), "engine": "oracle"}
    (written / folder.FACTS).write_text(json.dumps(facts))
    assert refusal(written).startswith("It is of oracle, and DATABASE_URL names")


@pytest.mark.parametrize("text", ["", "{}", '{"files": 1}', "[1, 2]"])
def test_a_folder_that_is_none(tmp_path: Path, text: str) -> None:
    assert "is no backup" in refusal(tmp_path)
    (tmp_path / folder.FACTS).write_text(text)
    assert "is no backup" in refusal(tmp_path)


def test_without_the_keys_that_read_it(written: Path, settings: Any) -> None:
    old, new = settings.ENCRYPTION_KEYS, [Fernet.generate_key().decode()]
    settings.ENCRYPTION_KEYS = new
    assert "ENCRYPTION_KEYS" in refusal(written)
    settings.ENCRYPTION_KEYS = [*new, *old]
    assert refusal(written).startswith(FULL), "it can be read now"


def test_what_the_engine_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of PostgreSQL that its tools are missing, of SQLite that a disk has spoiled the file."""
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 1000)
    monkeypatch.setattr(database, "_file", lambda: broken)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = {"sqlite": "could not be copied: file is not", "postgresql": "There is no pg_dump here"}
    with pytest.raises(CommandError, match=said[connection.vendor]):
        database.dump(tmp_path / "dump")
