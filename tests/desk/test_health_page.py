"""The health page: told at a glance, for who may see it, and at what cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from integrations.iacrea.models import IacreaAccount
from projects.choices import FailureCode
from projects.desk import health
from projects.models import Generation, Lease
from tests.conftest import Cast
from tests.desk.unwell import PAGE, READS, ended, many, staff, stuck, text_of
from tests.plans import plan
from tests.projects.jobs import unconfirmed
from tests.test_admin import inline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def rita(db: None) -> Client:
    return staff(*READS)


def test_the_page_tells_it_at_a_glance(rita: Client, alice: Cast) -> None:
    Lease.objects.create(name="sweeper", expires_at=timezone.now() + timedelta(seconds=60))
    Lease.objects.create(name="canary:", expires_at=timezone.now())
    for _ in range(3):
        ended(alice, seconds=50)
    ended(alice, FailureCode.TIMED_OUT)
    html = text_of(rita.get(PAGE))
    assert "All is well." in html and inline(html) == []
    assert re.findall(r'<rect class="(made|failed)" x="[\d.]+" y="([\d.]+)"', html) == [
        ("made", "25.00"), ("failed", "0.00"),
    ]  # fmt: skip
    assert re.findall(r'<rect class="(late|usual)" x="231.5" y="([\d.]+)"', html) == [
        ("late", "0.00"), ("usual", "0.00"),
    ]  # fmt: skip
    assert "50" in re.findall(r"<title>([^<]+)</title>", html)[-1]
    unconfirmed(alice)
    assert "Something should be looked at." in text_of(rita.get(PAGE))
    Lease.objects.all().delete()
    html = text_of(rita.get(PAGE))
    assert "Somebody must act now." in html
    sweep = re.search(r'id="sign-sweeper".*?</tr>', html, re.DOTALL)
    assert sweep and '<span class="level level-act">act</span>' in sweep[0]


def test_lines_lead_to_the_rows_that_one_may_see(rita: Client) -> None:
    html = text_of(rita.get(PAGE))
    unclear = reverse("admin:projects_generation_changelist") + "?status__exact=UNCONFIRMED"
    assert f'<a href="{unclear}">' in html and rita.get(unclear).status_code == 200
    assert reverse("admin:projects_complaint_changelist") not in html
    full = Client(headers={"accept-language": "en"})
    full.force_login(User.objects.create_superuser("dana@example.org", "a password"))
    found = re.findall(r'<th scope="row"><a href="([^"]+)">', text_of(full.get(PAGE)))
    assert len(found) == 9
    for address in found:
        assert full.get(address).status_code == 200, address


def test_stuck_jobs_are_asked_about_from_the_page(alice: Cast, charlie: Cast, rita: Client) -> None:
    jobs = [stuck(alice), stuck(charlie, "upstream-2")]
    html = text_of(rita.get(PAGE))
    assert all(str(job) in html for job in jobs) and "poll_now" not in html
    tom = staff(*READS, "accounts.support", email="tom@example.org")
    html = text_of(tom.get(PAGE))
    (action,) = re.findall(r'<form method="post" action="([^"]+generation/)">', html)
    chosen = re.findall(r'name="_selected_action" value="([^"]+)"', html)
    assert chosen == [str(job.pk) for job in jobs]
    form = {"action": "poll_now", "_selected_action": chosen}
    asked = text_of(tom.post(action, form))
    once = re.search(r'name="once" value="([^"]+)"', asked)
    assert once
    tom.post(action, {**form, "press": "1", "once": once[1], "reason": "they call"})
    for job in jobs:
        job.refresh_from_db()
        assert job.due_at and job.due_at <= timezone.now() + timedelta(seconds=10)
    entries = AuditEntry.objects.filter(action="generation.poll_now", reason="they call")
    assert sorted(entry.target for entry in entries) == sorted(chosen)
    rita.post(action, {**form, "press": "1", "once": once[1], "reason": "again"})
    assert not AuditEntry.objects.filter(reason="again").exists()


def test_twenty_stuck_jobs_are_listed(alice: Cast, rita: Client) -> None:
    job = stuck(alice)
    job.refresh_from_db()
    many(job, 24)
    html = text_of(rita.get(PAGE))
    assert html.count('name="_selected_action"') == 0 and html.count(str(alice.agency)) == 20
    assert "The 20 oldest of 25." in html


def test_who_may_see_it(alice: Cast, rita: Client, client: Client) -> None:
    assert rita.get(PAGE).status_code == 200 and rita.post(PAGE).status_code == 405
    assert f'href="{PAGE}"' in text_of(rita.get("/admin/"))
    nobody = staff("accounts.view_agency", email="n@example.org")
    assert nobody.get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in text_of(nobody.get("/admin/"))
    for someone in (client, Client()):
        assert someone.get(PAGE).status_code == 302
        someone.force_login(alice.owner.user)


def test_accounts_are_named_to_who_may_see_them(alice: Cast, rita: Client) -> None:
    rows = IacreaAccount.objects.filter(agency=alice.agency, built_in=False)
    rows.update(paused_at=timezone.now(), pause_reason="<b>status 401", name="<script>alert(1)")
    html = text_of(rita.get(PAGE))
    assert reverse("admin:iacrea_iacreaaccount_change", args=[rows.get().pk]) in html
    assert "&lt;b&gt;status 401" in html and "<script>alert" not in html
    assert rows.get().api_key not in html
    other = staff("projects.view_generation", email="o@example.org")
    assert "status 401" not in text_of(other.get(PAGE))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="as SQLite tells its plan")
def test_no_job_is_read_that_has_ended_long_ago(alice: Cast) -> None:
    """Jobs are got by their id or by `due_at`, lines by their number or the newest one alone."""
    stuck(alice)
    with CaptureQueriesContext(connection) as queries:
        health.stuck_jobs(health.read())
    steps = [step for query in queries for step in plan(query["sql"]) if "_generation" in step]
    assert [step.replace("projects_", "") for step in steps] == [
        "SCAN generationevent",
        "SEARCH generationevent USING INTEGER PRIMARY KEY (rowid>?)",
        "SEARCH generation USING INDEX sqlite_autoindex_generation_1 (id=?)",
        "SEARCH generation USING INDEX generation_due (due_at>?)",
        "SEARCH generation USING INDEX generation_due (due_at>?)",
    ]
    assert queries[0]["sql"].endswith("ORDER BY 1 DESC LIMIT 1"), "by its number"


def test_it_is_cheap_when_nothing_is_well(alice: Cast, charlie: Cast, rita: Client) -> None:
    job = stuck(alice)
    job.refresh_from_db()
    many(job, 30)
    many(Generation.objects.get(pk=ended(alice).pk), 150)
    IacreaAccount.objects.update(paused_at=timezone.now(), pause_reason="status 401")
    rita.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        rita.get(PAGE)
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]
    with CaptureQueriesContext(connection) as queries:
        health.read()
    assert len(queries) == 6
