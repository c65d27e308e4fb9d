"""Many generations for measuring: the ledger is right, and the product takes them for its own."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.ledger_audit import audit
from accounts.models import Agency
from projects import bulk
from projects.models import Generation, Project
from projects.words import plain
from tests.conftest import NOBODY, Cast
from tests.projects.jobs import balances
from tests.v1.api import Api, live

pytestmark = pytest.mark.django_db
SAMPLES = 4


def run(*arguments: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("seed_bulk", *arguments, stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def seed(cast: Cast, generations: int, *more: str) -> None:
    agency = f"--agency={cast.agency.pk}"
    run(agency, f"--generations={generations}", "--yes-this-is-a-test-database", *more)


def test_each_ending_in_its_share_and_every_photo_accounted_for(
    alice: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 100)
    seed(alice, 300)
    found = Counter(Generation.objects.values_list("status", "failure_code"))
    assert found == {
        ("SUCCEEDED", ""): 3 * 86 + 1,
        ("FAILED", "generation_failed"): 3 * 6 + 1,
        ("FAILED", "invalid_input"): 3 * 4 + 1,
        ("CANCELED", "canceled"): 3 * 4 + 1,
    }
    assert list(audit()) == []
    assert balances(alice) == (10 + 3 * 14 + 3, 0, 3 * 86 + 1)
    projects = Project.objects.all()
    assert len(projects) == 300 / 4 + SAMPLES
    assert all(project.words == plain(project.title) for project in projects)


def test_the_years_are_full_and_the_endings_mixed(alice: Cast) -> None:
    seed(alice, 200)
    times = list(Generation.objects.order_by("created_at").values_list("created_at", flat=True))
    since = timezone.now() - timedelta(days=730)
    assert abs(times[0] - since) < timedelta(minutes=1)
    steps = [later - sooner for sooner, later in pairwise(times[:200])]
    assert all(abs(step - timedelta(days=3.65)) < timedelta(seconds=1) for step in steps)
    last = Generation.objects.order_by("-created_at")[SAMPLES : SAMPLES + 50]
    assert len({job.failure_code for job in last}) == 4


def test_the_product_reads_them_as_its_own(alice: Cast) -> None:
    seed(alice, 30)
    api = live(alice)
    _status, page = api.get("generations", status="SUCCEEDED", limit=100)
    assert len(page["data"]) == Generation.objects.filter(status="SUCCEEDED").count() >= 20
    assert all(len(job["urls"]) == 1 for job in page["data"])
    job = page["data"][-1]
    assert api.client.get(job["urls"][0].removeprefix("http://testserver")).status_code == 200
    assert api.get(f"projects/{job['project']}")[1]["title"].startswith("Garden ")
    status, made = api.post(f"generations/{job['id']}/variations", {"room_type": "POOL"})
    assert (status, made["parent"]) == (202, job["id"])


def test_twice_and_for_new_agencies(alice: Cast) -> None:
    for _ in range(2):
        seed(alice, 10)
    told = run("--new=2", "--generations=7", "--yes-this-is-a-test-database")
    assert len({line["agency_id"] for line in told}) == 2 == Agency.objects.count() - 1
    for line in told:
        agency = Generation.objects.filter(agency=UUID(line["agency_id"]))
        assert agency.count() == 7 + SAMPLES
        assert len(Api(line["api_key"]).get("generations")[1]["data"]) == 7 + SAMPLES
    assert list(audit()) == []


def test_not_in_what_may_be_production(alice: Cast, settings: Any) -> None:
    with pytest.raises(CommandError, match="this may be production"):
        run(f"--agency={alice.agency.pk}", "--generations=10")
    assert not Generation.objects.exists()
    settings.DEBUG = True
    run(f"--agency={alice.agency.pk}", "--generations=10")
    assert Generation.objects.count() == 10 + SAMPLES


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--agency", NOBODY, "--generations=1"), "there is none"),
        (("--new=1", "--generations=0"), "at least 1"),
    ],
)
def test_what_cannot_be_written(db: None, wrong: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        run(*wrong, "--yes-this-is-a-test-database")
    assert not Generation.objects.exists()
