"""Out of the database and into an empty one, by the engine's own tools."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

# The version of the client has to be the server's, or newer.
CLIENT = "apt install postgresql-client"


def dump(target: Path) -> None:
    """One moment of it, while it is in use. Raises CommandError with what the engine said."""
    if connection.vendor == "sqlite":
        _copy(_file(), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Into a database without tables. Raises CommandError; PostgreSQL is empty then."""
    if connection.vendor == "sqlite":
        connection.close()
        _copy(source, _file())
    else:
        _run(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", str(source),
        )  # fmt: skip


def is_empty() -> bool:
    return not connection.introspection.table_names()


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy(source: Path, target: Path) -> None:
    """Of what is committed, by a connection of its own."""
    try:
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
            there.backup(here)
    except sqlite3.Error as error:
        raise CommandError(f"The database could not be copied: {error}") from error


def _run(tool: str, *arguments: str) -> None:
    """The password is in the tool's environment, and in no list of processes."""
    psql, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    server = [*psql[1:-1], f"--dbname={psql[-1]}"]
    try:
        done = subprocess.run(  # noqa: S603  # PostgreSQL's own
            [tool, *server, *arguments],
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise CommandError(f"There is no {tool} here: {CLIENT}") from None
    if done.returncode != 0:
        raise CommandError(f"{tool}: {done.stderr.strip() or done.returncode}")
