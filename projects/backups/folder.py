"""What `manage.py backup` leaves behind: a folder that is there as a whole or not at all.

parterre-20261127T030000Z/
    backup.json      what the others are, and when they were taken
    database.dump    of pg_dump, or database.sqlite3
    files.tsv        the files that the database names
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

from integrations.doors.clock import database_now
from integrations.doors.crypto import KeyGone, decrypt, encrypt
from projects.backups import database, files

FACTS, MANIFEST = "backup.json", "files.tsv"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# Who can read this has the keys that read the rest.
SEALED = "parterre"


@dataclass(frozen=True)
class Facts:
    """`taken_at`: when the database had been read, by its own clock."""

    taken_at: str
    engine: str
    sha256: str
    files: int
    sealed: str


def write(parent: Path) -> Path:
    """A new folder in `parent`. Raises CommandError; nothing is left of one that failed."""
    target = parent / f"parterre-{database_now():%Y%m%dT%H%M%SZ}"
    with _whole(target) as folder:
        dump = folder / DATABASES[connection.vendor]
        database.dump(dump)
        taken_at = database_now().isoformat()
        count = files.write_manifest(folder / MANIFEST)
        facts = Facts(taken_at, connection.vendor, digest(dump), count, encrypt(SEALED))
        (folder / FACTS).write_text(json.dumps(asdict(facts), indent=2) + "\n")
    return target


def read(folder: Path) -> tuple[Facts, Path]:
    """What may be restored here, and its database. Raises CommandError with what is wrong."""
    facts = _facts(folder)
    if facts.engine != connection.vendor:
        raise CommandError(f"It is of {facts.engine}, and DATABASE_URL names {connection.vendor}.")
    dump = folder / DATABASES[facts.engine]
    if not dump.exists() or digest(dump) != facts.sha256:
        raise CommandError(f"{dump} is not what was written: it is damaged, or not all of it.")
    _is_readable(facts)
    return facts, dump


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(folder: Path) -> Facts:
    try:
        return Facts(**json.loads((folder / FACTS).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"{folder} is no backup: {FACTS}: {error}") from None


def _is_readable(facts: Facts) -> None:
    try:
        decrypt(facts.sealed)
    except KeyGone:
        raise CommandError(
            "None of ENCRYPTION_KEYS is one that this backup was written with: keys of iacrea and "
            "secrets of webhooks in it could never be read again. Add the old one."
        ) from None


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """For whoever owns the process only: it has every customer's data in it."""
    partial = target.with_name(target.name + ".partial")
    try:
        partial.mkdir(mode=0o700, parents=True)
        yield partial
        partial.rename(target)
    except FileExistsError as error:
        raise CommandError(f"There is one already: {error.filename}") from None
    except OSError as error:
        raise CommandError(f"{partial}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
