"""The audit trail is append-only, whoever writes: an erasure takes words out, never a fact."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry
from projects.privacy.erasure.traces import blank_address, blank_audit
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
APPEND_ONLY = "the audit trail is append-only"


@pytest.fixture
def entry(alice: Cast) -> AuditEntry:
    return record(
        agency=alice.agency, action="x.changed", target="a", actor_id="dana",
        reason="bob@example.org called", detail={"was": 1},
    )  # fmt: skip


def rows(entry: AuditEntry) -> Any:
    return AuditEntry.objects.filter(pk=entry.pk)


def test_no_entry_is_deleted(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match=APPEND_ONLY), transaction.atomic():
        entry.delete()
    with (
        pytest.raises(DatabaseError, match=APPEND_ONLY),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM accounts_auditentry")
    assert rows(entry).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", uuid4()), ("actor_id", ""), ("action", "x.nothing"), ("target", ""),
        ("created_at", timezone.now()), ("reason", "nobody called"), ("detail", {"was": 2}),
        ("detail", []), ("detail", {"was": None}),
    ],
)  # fmt: skip
def test_no_entry_is_changed(entry: AuditEntry, field: str, value: object) -> None:
    before = list(rows(entry).values())
    with pytest.raises(DatabaseError, match=APPEND_ONLY), transaction.atomic():
        rows(entry).update(**{field: value})
    # Nor while its words are taken out.
    blanked = {"reason": "", "detail": {}} | {field: value}
    with pytest.raises(DatabaseError, match=APPEND_ONLY), transaction.atomic():
        rows(entry).update(**blanked)
    assert list(rows(entry).values()) == before


def test_an_entry_is_given_to_no_other_agency(entry: AuditEntry, charlie: Cast) -> None:
    nobodys = record(agency=None, action="x.changed")
    for each in (entry, nobodys):
        with pytest.raises(DatabaseError, match=APPEND_ONLY), transaction.atomic():
            rows(each).update(agency=charlie.agency)


def test_words_are_taken_out_and_the_fact_stays(entry: AuditEntry, alice: Cast) -> None:
    blank_address("bob@example.org")
    entry.refresh_from_db()
    assert (entry.action, entry.reason, entry.detail) == ("x.changed", "", {})
    other = record(agency=alice.agency, action="x.changed", reason="why", detail={"was": 1})
    blank_audit(alice.agency)
    blank_audit(alice.agency)
    other.refresh_from_db()
    assert (other.reason, other.detail) == ("", {})


def test_an_entry_outlives_its_agency(entry: AuditEntry) -> None:
    """As `on_delete` has it: the name goes and the entry stays."""
    assert rows(entry).update(agency=None) == 1
    entry.refresh_from_db()
    assert entry.agency is None and entry.reason == "bob@example.org called"
