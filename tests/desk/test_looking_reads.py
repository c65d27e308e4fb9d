"""While somebody looks, the database is read: also of a WITH, any part of which may write."""

from typing import Any

import pytest
from django.db import connection

from accounts.choices import Mode
from accounts.quota import hold_photos
from projects.desk.looking.reading import WouldWrite, only_reads
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import balances

WRITES = [
    'UPDATE "a" SET "b" = 1',
    'WITH x AS (SELECT 1) INSERT INTO "a" SELECT * FROM x',
    'WITH x AS (SELECT 1)\n  INSERT OR IGNORE INTO "a" SELECT * FROM x',
    'WITH x AS (SELECT 1) REPLACE INTO "a" SELECT * FROM x',
    'with x as (update "a" set "b" = 1 returning "b") select * from x',
    'WITH x AS (DELETE\nFROM "a" RETURNING *) SELECT * FROM x',
    "WITH x AS (SELECT 'it''s' /* only */) DELETE FROM a",
    'WITH x AS (SELECT 1) MERGE INTO "a" USING x ON true WHEN MATCHED THEN DELETE',
    "WITH x AS (SELECT 1 FOR UPDATE) UPDATE a SET b = 1",
]
READS = [
    'SELECT "updated_at" FROM "a" FOR UPDATE',
    'WITH x AS (SELECT "updated_at", deleted, last_update FROM "a") SELECT * FROM x',
    'WITH x AS (SELECT "update", "delete from", "insert into" FROM "merge") SELECT * FROM x',
    "WITH x AS (SELECT 'UPDATE a, it''s DELETE FROM a') SELECT * FROM x",
    "WITH x AS (SELECT 1) -- no UPDATE\n SELECT * FROM x /* nor a\nDELETE FROM a */",
    "WITH x AS (SELECT REPLACE(name, 'a', 'b') FROM a) SELECT * FROM x",
    'WITH x AS (SELECT 1 FROM "a" FOR NO KEY\n UPDATE OF "a") SELECT * FROM x FOR UPDATE',
]


def run(sql: str) -> Any:
    return only_reads(lambda *_args: "ran", sql, (), False, {})


@pytest.mark.parametrize("sql", WRITES)
def test_what_writes_is_refused(sql: str) -> None:
    with pytest.raises(WouldWrite):
        run(sql)


@pytest.mark.parametrize("sql", READS)
def test_what_reads_is_not(sql: str) -> None:
    assert run(sql) == "ran"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_the_one_statement_that_holds_photos_does_not_get_through(alice: Cast) -> None:
    """On PostgreSQL it begins with WITH."""
    job = queued_generation(alice)
    held = {"agency_id": alice.agency.pk, "mode": Mode.LIVE, "photos": 1}
    with connection.execute_wrapper(only_reads), pytest.raises(WouldWrite):
        hold_photos(**held, generation_id=job.pk)
    assert balances(alice) == (9, 1, 0)
