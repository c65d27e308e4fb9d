"""On PostgreSQL no sweep, no pass and no call of the API reads a large table from end to end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import idempotency, request_log, seen
from accounts.models import Agency
from integrations.doors.clock import database_now
from integrations.webhooks import deliveries, retention
from projects import bulk, erasure, sweeper
from projects.models import Generation
from projects.pipeline import dispatch, due, rings
from projects.retention import bin_the_old
from tests.bench import desk_rows
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.plans import read_whole
from tests.v1.api import live

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="as PostgreSQL plans"),
]
# PostgreSQL chooses by sizes: of these each table has about so many rows.
ROWS = 20_000
LARGE = {
    "accounts_apirequest", "accounts_auditentry", "accounts_idempotentanswer",
    "accounts_ledgerentry", "django_session", "projects_attempt", "projects_callbackreceipt",
    "projects_generation", "projects_generationevent", "projects_picture", "projects_project",
    "projects_upload", "webhooks_delivery", "webhooks_event",
}  # fmt: skip
ANSWERS = """\
INSERT INTO accounts_idempotentanswer (agency_id, mode, path, key, body_sha256, created_at)
SELECT %s, 'live', '/', n, '', now() - n * interval '13 seconds' FROM generate_series(1, %s) n
"""
SESSIONS = """\
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT n, '', now() + (n - 600) * interval '1 minute' FROM generate_series(1, %s) n
"""
RECEIPTS = """\
INSERT INTO projects_callbackreceipt (attempt_id, received_at, candidate_id, handled_at)
SELECT id, now(), '', now() FROM projects_attempt
"""


@pytest.fixture
def large(alice: Cast, charlie: Cast) -> Cast:
    """Two years of one agency's pictures; a month of what is swept after 30 days, a few rows of it
    old; one job that waits, one delivery that is due."""
    Agency.objects.filter(pk=charlie.agency.pk).update(kept_months=24)
    sample = desk_rows.sample_row()
    for _written in bulk.seed(alice.agency, ROWS):
        pass
    desk_rows.copy_all(sample, ROWS, timedelta(days=31))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        queued_generation(alice)
        cursor.execute(ANSWERS, [alice.agency.pk, ROWS])
        cursor.execute(SESSIONS, [ROWS])
        cursor.execute(RECEIPTS)
        cursor.execute("ANALYZE")
    return alice


def sweeps(_cast: Cast) -> None:
    """A batch of each."""
    for batch in (
        idempotency.forget_old_answers, request_log.forget_old, seen.forget_old,
        retention.sweep_messages, erasure.empty_the_bin, bin_the_old,
    ):  # fmt: skip
        batch()


def a_pass(_cast: Cast) -> None:
    """What the sweep asks twice a second, and a job that is accepted."""
    now = database_now()
    list(rings.rung_attempts(())[:100])
    list(due.rows_to_move(now)[:100])
    dispatch.hand_out()
    deliveries.due_deliveries(32)
    sweeper.ensure(now)


def the_api(cast: Cast) -> None:
    api = live(cast)
    job = api.job()["id"]
    old = Generation.objects.filter(agency=cast.agency).earliest("created_at")
    for path in ("generations", "quota/entries", "projects", "webhook-deliveries"):
        api.get(path)
    for query in ({"status": "FAILED"}, {"room_type": "POOL"}, {"status": "PROCESSING"}):
        assert api.get("generations", **query)[0] == 200
    for pk in (job, old.pk):
        assert api.get(f"generations/{pk}")[0] == 200


def test_no_large_table_is_read_from_end_to_end(large: Cast) -> None:
    """All of it in one test: the rows take longer to write than to ask for."""
    assert large_tables() >= LARGE, "of a small one, to read all is right"
    for work in (sweeps, a_pass, the_api):
        asked = asked_by(work, large)
        assert len(asked) > 4
        assert {sql: found for sql in asked if (found := read_whole(sql) & LARGE)} == {}


def asked_by(work: Callable[[Cast], None], cast: Cast) -> list[str]:
    """Of statements that differ in their values the last."""
    with CaptureQueriesContext(connection) as queries:
        work(cast)
    shapes = {re.sub(r"'[^']*'|\d+", "?", query["sql"]): query["sql"] for query in queries}
    return [sql for sql in shapes.values() if re.match(r"SELECT|UPDATE|DELETE|WITH", sql)]


def large_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 4000")
        return {name for (name,) in cursor.fetchall()}
