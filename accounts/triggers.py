"""What the database itself refuses in the photo ledger and in the audit trail, whoever writes: the
rules that a Django constraint cannot say."""

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accounts_ledgerentry"
AUDIT = "accounts_auditentry"


@dataclass(frozen=True)
class Trigger:
    name: str
    before: str
    # A condition on OLD and NEW that both databases understand.
    refuses: str
    says: str


READS_LOTS = "ledger_own_lot"
APPEND_ONLY = "the photo ledger is append-only"
AUDIT_APPEND_ONLY = "the audit trail is append-only"
# An erasure takes words out, and an agency that goes leaves its trail without its name.
AUDIT_CHANGED = " OR ".join(
    (
        *(
            f"NEW.{name} <> OLD.{name}"
            for name in ["id", "actor_id", "action", "target", "created_at"]
        ),
        "(NEW.reason <> OLD.reason AND NEW.reason <> '')",
        "(NEW.detail <> OLD.detail AND NEW.detail <> '{}')",
        "(NEW.agency_id IS NOT NULL AND (OLD.agency_id IS NULL OR NEW.agency_id <> OLD.agency_id))",
    )
)
TRIGGERS = (
    Trigger("ledger_no_update", f"UPDATE ON {TABLE}", "TRUE", APPEND_ONLY),
    Trigger("ledger_no_delete", f"DELETE ON {TABLE}", "TRUE", APPEND_ONLY),
    Trigger(
        READS_LOTS,
        f"INSERT ON {TABLE}",
        "NOT EXISTS (SELECT 1 FROM accounts_photolot AS lot WHERE lot.id = NEW.lot_id"
        " AND lot.agency_id = NEW.agency_id AND lot.mode = NEW.mode)",
        "an entry is of the agency and mode of its lot",
    ),
    # Or an entry could be given away together with its lot.
    Trigger(
        "lot_keeps_owner",
        "UPDATE ON accounts_photolot",
        "NEW.agency_id <> OLD.agency_id OR NEW.mode <> OLD.mode",
        "a lot keeps its agency and its mode",
    ),
    Trigger("audit_no_update", f"UPDATE ON {AUDIT}", AUDIT_CHANGED, AUDIT_APPEND_ONLY),
    Trigger("audit_no_delete", f"DELETE ON {AUDIT}", "TRUE", AUDIT_APPEND_ONLY),
)
SQLITE = """
CREATE TRIGGER IF NOT EXISTS {0.name} BEFORE {0.before} WHEN {0.refuses}
BEGIN SELECT RAISE(ABORT, '{0.says}'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION {0.name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF {0.refuses} THEN RAISE EXCEPTION '{0.says}'; END IF; RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER {0.name} BEFORE {0.before} FOR EACH ROW EXECUTE FUNCTION {0.name}();
"""
INSTALLED = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def install_triggers(using: str = "default", **_signal: Any) -> None:
    """Create the triggers where they are missing. Receives post_migrate; safe to repeat."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return  # migrated back to zero
    create = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            cursor.execute(create.format(trigger))


def make_way(using: str = "default", plan: Any = (), **_signal: Any) -> None:
    """Receives pre_migrate. Django changes a table of SQLite by renaming its successor, which
    SQLite refuses while a trigger of another table reads it; post_migrate installs it again."""
    if plan and connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {READS_LOTS}")


def missing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of triggers that should be there and are not; /readyz answers 503 for them."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED[connection.vendor])
        installed = {row[0] for row in cursor.fetchall()}
    return {trigger.name for trigger in TRIGGERS} - installed
