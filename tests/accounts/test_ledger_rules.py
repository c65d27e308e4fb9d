"""What the database itself refuses, whoever writes: each rule is tried with rows of our own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.choices import EntryKind, LotSource, Mode
from accounts.models import LedgerEntry, PhotoLot
from accounts.triggers import TRIGGERS, install_triggers, missing_triggers
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


def lot_of(cast: Cast, mode: Mode = Mode.LIVE) -> PhotoLot:
    return PhotoLot.objects.get(agency=cast.agency, mode=mode)


def entry(lot: PhotoLot, **changes: Any) -> LedgerEntry:
    given = {
        "agency_id": lot.agency_id, "mode": lot.mode, "lot": lot, "kind": EntryKind.HOLD,
        "quantity": 1, "generation_id": uuid4(),
    }  # fmt: skip
    return LedgerEntry(**{**given, **changes})


def test_an_entry_is_of_the_agency_and_mode_of_its_lot(alice: Cast, charlie: Cast) -> None:
    lot = lot_of(alice)
    for changes in ({"agency_id": charlie.agency.pk}, {"mode": Mode.TEST}, {"lot_id": uuid4()}):
        wrong = entry(lot)
        for name, value in changes.items():
            setattr(wrong, name, value)
        with pytest.raises(DatabaseError, match="of its lot"), transaction.atomic():
            wrong.save()
    entry(lot).save()


def test_entries_are_judged_one_by_one_in_bulk(alice: Cast, charlie: Cast) -> None:
    rows = [entry(lot_of(alice)), entry(lot_of(alice), agency_id=charlie.agency.pk)]
    with pytest.raises(DatabaseError, match="of its lot"), transaction.atomic():
        LedgerEntry.objects.bulk_create(rows)


def test_a_lot_is_not_given_away(alice: Cast, charlie: Cast) -> None:
    lot = PhotoLot.objects.filter(pk=lot_of(alice).pk)
    for changes in ({"agency": charlie.agency}, {"mode": Mode.TEST}):
        with pytest.raises(DatabaseError, match="a lot keeps"), transaction.atomic():
            lot.update(**changes)
    assert lot.update(agency=alice.agency, mode=Mode.LIVE) == 1


@pytest.mark.parametrize("kind", [EntryKind.HOLD, EntryKind.CAPTURE, EntryKind.RELEASE])
def test_an_entry_of_a_job_names_it(alice: Cast, kind: EntryKind) -> None:
    """Without a name the rules of one hold and one end would count nothing."""
    with pytest.raises(IntegrityError), transaction.atomic():
        entry(lot_of(alice), kind=kind, generation_id=None).save()


def test_a_refund_is_once_for_all_lots_and_agencies(alice: Cast, charlie: Cast) -> None:
    first = entry(lot_of(alice), kind=EntryKind.GRANT)
    first.save()
    again = entry(lot_of(charlie), kind=EntryKind.GRANT, generation_id=first.generation_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    for _ in range(2):  # other grants name no generation
        entry(lot_of(alice), kind=EntryKind.GRANT, generation_id=None).save()


def test_a_subscription_is_of_a_month(alice: Cast) -> None:
    lot = PhotoLot(agency=alice.agency, mode=Mode.LIVE, source=LotSource.SUBSCRIPTION)
    with pytest.raises(IntegrityError), transaction.atomic():
        lot.save()


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_a_trigger_that_is_gone_is_told_and_comes_back(trigger: Any) -> None:
    table = trigger.before.split(" ON ")[1]
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")
    assert missing_triggers(connection) == {trigger.name}
    install_triggers()
    install_triggers()
    assert missing_triggers(connection) == set()


BACK_AND_FORTH = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from accounts.services import create_agency
from accounts.triggers import missing_triggers
call_command("migrate", verbosity=0)
create_agency(name="Jardins", photos=10)
call_command("migrate", "accounts", "0002", verbosity=0)
call_command("migrate", verbosity=0)
call_command("audit_ledger")
print(missing_triggers(connection))
"""


def test_sqlite_changes_a_table_that_a_trigger_reads(tmp_path: Path) -> None:
    """A file of its own, whatever database the tests are on."""
    environment = {
        **os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    run = [sys.executable, "-c", BACK_AND_FORTH]
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "2 entries, 0 differences\nset()\n"
