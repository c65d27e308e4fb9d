"""Jobs that live are found by the index of their `due_at`, however many have ended."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import service_state
from projects.pipeline import dispatch
from projects.pipeline.due import live_rows
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.plans import plan

pytestmark = pytest.mark.django_db


def test_what_lives_is_what_has_not_ended(alice: Cast) -> None:
    succeeded_generation(alice)
    living = {queued_generation(alice).pk, processing_generation(alice, "another").pk}
    assert set(live_rows().values_list("pk", flat=True)) == living


def test_jobs_at_iacrea_are_counted_by_their_agency(alice: Cast, charlie: Cast) -> None:
    jobs = [processing_generation(alice, name) for name in ("a", "b")]
    theirs = processing_generation(charlie)
    queued_generation(alice)
    found = {agency: (count, last) for agency, count, last in dispatch._at_iacrea(timezone.now())}
    assert found == {
        alice.agency.pk: (2, max(job.status_since for job in jobs)),
        charlie.agency.pk: (1, theirs.status_since),
    }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="as SQLite tells its plan")
def test_sqlite_reads_no_job_that_has_ended(alice: Cast) -> None:
    """Twice a second, by the sweep; and by each look at the page that tells the service's state."""
    now = timezone.now()
    with CaptureQueriesContext(connection) as queries:
        list(dispatch._at_work(now))
        list(dispatch._at_iacrea(now))
        dispatch._somebody_waits(now)
        service_state._jobs(alice.agency)
    plans = [step for query in queries for step in plan(query["sql"]) if "_generation" in step]
    assert len(plans) == len(queries) == 4
    for step in plans:
        assert step.startswith("SEARCH projects_generation USING INDEX generation_due"), step
