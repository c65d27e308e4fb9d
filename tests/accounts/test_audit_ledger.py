"""The audit finds what no constraint would let happen, once the constraint is out of the way."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_q.models import Schedule

from accounts import quota
from accounts.choices import EntryKind, Mode
from accounts.ledger_audit import audit, differences
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from projects import tasks
from projects.choices import Status
from projects.models import Generation
from tests.accounts.movements import end, hold
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db


def lot_of(cast: Cast) -> PhotoLot:
    return PhotoLot.objects.get(agency=cast.agency, mode=Mode.LIVE)


def entry(lot: PhotoLot, **changes: Any) -> LedgerEntry:
    given = {"agency_id": lot.agency_id, "mode": lot.mode, "lot": lot, "quantity": 1}
    return LedgerEntry.objects.create(**{**given, **changes})


def without(trigger: str) -> None:
    on = " ON accounts_ledgerentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}{on}")


def told(*words: str) -> bool:
    return any(all(word in line for word in words) for line in audit())


def test_every_kind_of_job_is_sound(alice: Cast) -> None:
    queued_generation(alice)
    processing_generation(alice)
    assert list(audit()) == []


def test_an_entry_of_another_agency(alice: Cast, charlie: Cast) -> None:
    without("ledger_own_lot")
    wrong = entry(lot_of(alice), agency_id=charlie.agency.pk, kind=EntryKind.GRANT)
    assert told(str(wrong.pk), "another agency")


def test_an_end_of_more_or_fewer_photos_than_were_held(alice: Cast) -> None:
    job = hold(alice, 3)
    entry(lot_of(alice), kind=EntryKind.RELEASE, quantity=2, generation_id=job)
    assert told(str(job), "1 hold(s) of 3", "1 end(s) of 2")


def test_an_end_without_a_hold(alice: Cast) -> None:
    job = uuid4()
    entry(lot_of(alice), kind=EntryKind.CAPTURE, generation_id=job)
    assert told(str(job), "0 hold(s)")


def test_entries_of_an_agency_without_a_balance(alice: Cast) -> None:
    PhotoQuota.objects.filter(agency=alice.agency, mode=Mode.TEST).delete()
    assert told(str(alice.agency.pk), "no balance")


def test_a_job_that_ended_and_still_holds(alice: Cast) -> None:
    job = queued_generation(alice)
    Generation.objects.filter(pk=job.pk).update(status=Status.CANCELED, failure_code="canceled")
    assert told(str(job.pk), "1 held, 0 expected")


def test_a_job_that_runs_and_holds_nothing(alice: Cast) -> None:
    job = queued_generation(alice)
    end(alice, job.pk, quota.release_photos)
    assert told(str(job.pk), "0 held, 1 expected")


def test_a_hold_of_no_job_at_all(alice: Cast) -> None:
    job = hold(alice)
    assert list(differences()) == [] and told(str(job), "1 held, 0 expected")


def test_a_job_that_was_not_charged_what_it_says(alice: Cast) -> None:
    job = succeeded_generation(alice)
    assert list(audit()) == []
    Generation.objects.filter(pk=job.pk).update(charged=0)
    assert told(str(job.pk), "charged is 0", "add up to 1")


def test_a_difference_with_the_jobs_is_an_error_exit_and_an_alert(
    alice: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    job, out = hold(alice), StringIO()
    with pytest.raises(CommandError, match=r"^1 difference\(s\)") as error:
        call_command("audit_ledger", stdout=out, stderr=out)
    assert error.value.returncode == 1 and str(job) in out.getvalue()
    assert caplog.records[-1].levelname == "ERROR"


def test_it_is_asked_every_night(alice: Cast, caplog: pytest.LogCaptureFixture) -> None:
    schedule = Schedule.objects.get(func="projects.tasks.audit_ledger")
    assert (schedule.schedule_type, schedule.repeats) == ("D", -1)
    assert timezone.localtime(schedule.next_run).hour == 3
    queued_generation(alice)
    tasks.audit_ledger()
    assert "ALERT" not in caplog.text
    job = hold(alice)
    tasks.audit_ledger()
    assert "ALERT ledger_difference differences=1" in caplog.text and str(job) in caplog.text
