"""The ledger is append-only, and the database says so: an UPDATE or DELETE of an entry aborts."""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accounts_ledgerentry"
NAMES = ("ledger_no_update", "ledger_no_delete")

SQLITE = """
CREATE TRIGGER IF NOT EXISTS ledger_no_{verb} BEFORE {verb} ON accounts_ledgerentry
BEGIN SELECT RAISE(ABORT, 'the photo ledger is append-only'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the photo ledger is append-only'; END $$;
"""
POSTGRESQL = """
CREATE OR REPLACE TRIGGER ledger_no_{verb} BEFORE {verb} ON accounts_ledgerentry
FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
"""


def install_triggers(using: str = "default", **_signal: Any) -> None:
    """Create the triggers where they are missing. Receives post_migrate; safe to repeat."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return  # migrated back to zero
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        create = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
        for verb in ("update", "delete"):
            cursor.execute(create.format(verb=verb))


def missing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of triggers that should be there and are not; /readyz answers 503 for them."""
    source = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(source)
        return set(NAMES) - {row[0] for row in cursor.fetchall()}
