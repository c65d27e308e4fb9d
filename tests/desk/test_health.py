"""The health page: its numbers are those of the rows, and each of its words is seen with rows that
earn it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django_q.models import OrmQ

from accounts.models import AuditEntry, User
from accounts.photo_requests import ask
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.probes import PAUSED_BY_PEOPLE
from integrations.webhooks.models import WebhookEndpoint
from projects import lifecycle
from projects.choices import FailureCode, Source, Status, WrongReason
from projects.desk import health
from projects.desk.endings import SLOTS, Ended, hours, outcomes, slots
from projects.desk.signs import Level, signs, spell
from projects.keeping import complain
from projects.models import Complaint, Discrepancy, Generation, GenerationEvent, Lease
from tests.conftest import Cast
from tests.developers.pages import endpoint
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import unconfirmed
from tests.test_admin import inline

pytestmark = pytest.mark.django_db
PAGE = "/admin/sante"
READS = ("projects.view_generation", "iacrea.view_iacreaaccount")


def staff(*permissions: str, email: str = "rita@example.org") -> Client:
    user = User.objects.create_user(email, "a password", is_staff=True)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def rita(db: None) -> Client:
    return staff(*READS)


def ago(**time: float) -> Any:
    return timezone.now() - timedelta(**time)


def told(name: str) -> tuple[str, Level]:
    sign = next(sign for sign in signs(health.read()) if sign.name == name)
    return sign.told, sign.level


def ended(cast: Cast, code: str = "", seconds: float = 30, **fields: Any) -> Generation:
    """A job that took so long and has just ended: well, or with this code."""
    job = processing_generation(cast, uuid4().hex)
    now = timezone.now()
    times = {"created_at": now - timedelta(seconds=seconds), "ended_at": now, "due_at": None}
    status = Status.FAILED if code else Status.SUCCEEDED
    Generation.objects.filter(pk=job.pk).update(
        status=status, failure_code=code, **{**times, **fields}
    )
    GenerationEvent.objects.create(generation=job, kind=status.lower())
    return job


def many(job: Generation, count: int, **fields: Any) -> None:
    """As many more like it, with their line of the story."""
    kept = {f.attname: getattr(job, f.attname) for f in Generation._meta.concrete_fields}
    rows = [
        Generation(**{**kept, "id": uuid4(), "upstream_id": "", **fields}) for _ in range(count)
    ]
    Generation.objects.bulk_create(rows)
    begun = {"created_at": fields.get("created_at", job.created_at)}
    Generation.objects.filter(pk__in=[row.pk for row in rows]).update(**begun)
    kind = str(fields.get("status", job.status)).lower()
    GenerationEvent.objects.bulk_create(GenerationEvent(generation=row, kind=kind) for row in rows)


def test_with_nothing_there_all_is_well_but_for_the_worker(db: None) -> None:
    found = {sign.name: sign.level for sign in signs(health.read())}
    assert {name for name, level in found.items() if level != Level.WELL} == {"sweeper", "canary"}


def test_success_in_three_words(alice: Cast) -> None:
    alice_job = Generation.objects.get(pk=ended(alice).pk)
    assert told("hour") == ("1 ended: too few to tell", Level.WELL)
    many(alice_job, 18)
    ended(alice, FailureCode.INVALID_INPUT), ended(alice, FailureCode.CANCELED)
    assert told("hour") == ("100.0 % of 19", Level.WELL), "a bad photo is not iacrea's"
    ended(alice, FailureCode.GENERATION_FAILED)
    assert told("hour") == ("95.0 % of 20", Level.LOOK)
    failed = Generation.objects.get(pk=ended(alice, FailureCode.TIMED_OUT).pk)
    many(failed, 3)
    assert told("hour") == ("79.2 % of 24", Level.ACT)
    Generation.objects.update(ended_at=ago(hours=2))
    assert told("hour")[1] == Level.WELL and told("day") == ("79.2 % of 24", Level.ACT)
    Generation.objects.update(ended_at=ago(hours=25))
    assert told("day") == ("0 ended: too few to tell", Level.WELL)


def test_what_is_no_picture_of_iacrea_counts_nowhere(alice: Cast) -> None:
    ended(alice, mode="test"), ended(alice, source=Source.IMPORT)
    lost = ended(alice, FailureCode.TIMED_OUT)
    ended(alice, recovered_from=lost, price=0)
    found = health.read()
    assert (found.day.made, found.day.failed) == (0, 1)


@pytest.mark.parametrize(
    ("late", "level"), [(299, Level.WELL), (300, Level.LOOK), (900, Level.ACT)]
)
def test_how_long_pictures_take(alice: Cast, late: float, level: Level) -> None:
    job = Generation.objects.get(pk=ended(alice, seconds=40).pk)
    many(job, 17)
    assert told("times")[0] == "half within 40 s, 19 of 20 within 40 s"
    ended(alice, seconds=late), ended(alice, seconds=late)
    found = health.read()
    assert (round(found.usual_s or 0), round(found.late_s or 0)) == (40, late)
    assert told("times")[1] == level


def test_too_few_pictures_tell_no_time(alice: Cast) -> None:
    for _ in range(4):
        ended(alice, seconds=5000)
    assert told("times") == ("too few to tell", Level.WELL)


def test_jobs_in_flight_by_their_status(alice: Cast) -> None:
    queued_generation(alice), queued_generation(alice), processing_generation(alice)
    queued = Generation.objects.filter(status=Status.QUEUED).first()
    assert queued
    many(queued, 2, mode="test")
    found = health.read()
    assert found.in_flight == {
        "QUEUED": 2, "SUBMITTING": 0, "UNCONFIRMED": 0, "PROCESSING": 1, "ARCHIVING": 0,
    }  # fmt: skip
    assert told("in_flight")[0] == "Waiting 2, In progress 1"


@pytest.mark.parametrize(("minutes", "level"), [(9, Level.WELL), (11, Level.LOOK), (61, Level.ACT)])
def test_the_longest_wait(alice: Cast, minutes: float, level: Level) -> None:
    queued_generation(alice)
    Generation.objects.update(created_at=ago(minutes=minutes), due_at=ago(minutes=minutes))
    assert told("longest_wait")[1] == level
    assert told("overdue") == ("0 s", Level.WELL), "it waits for its account or its turn"


@pytest.mark.parametrize(
    ("seconds", "word", "level"),
    [(30, "30 s", Level.WELL), (61, "61 s", Level.LOOK), (301, "5\xa0minutes", Level.ACT)],
)
def test_the_oldest_due_job(alice: Cast, seconds: float, word: str, level: Level) -> None:
    processing_generation(alice)
    Generation.objects.update(due_at=ago(seconds=seconds))
    assert told("overdue") == (word, level)


def test_unclear_outcomes(alice: Cast) -> None:
    assert told("unclear") == ("0", Level.WELL)
    job = unconfirmed(alice)
    assert told("unclear") == ("1", Level.LOOK)
    many(job, 9)
    assert told("unclear") == ("10", Level.ACT)


def test_stuck_jobs(alice: Cast) -> None:
    job = processing_generation(alice)
    Generation.objects.update(status_since=ago(minutes=14))
    assert told("stuck") == ("0 in progress for more than 15\xa0minutes", Level.WELL)
    Generation.objects.update(status_since=ago(minutes=16))
    assert told("stuck")[1] == Level.LOOK
    job.refresh_from_db()
    many(job, 4)
    assert told("stuck") == ("5 in progress for more than 15\xa0minutes", Level.ACT)


def test_stuck_is_longer_than_all_but_one_of_a_hundred(alice: Cast) -> None:
    job = Generation.objects.get(pk=ended(alice, seconds=200).pk)
    many(job, 98)
    assert health.read().stuck_after_s == 15 * 60
    ended(alice, seconds=5000)
    assert round(health.read().stuck_after_s) == 200
    now = timezone.now()
    Generation.objects.update(created_at=now - timedelta(seconds=20), ended_at=now)
    assert health.read().stuck_after_s == 120, "iacrea was hardly asked before"


def test_accounts_that_are_held_up(alice: Cast, charlie: Cast) -> None:
    rows = IacreaAccount.objects.filter(built_in=False)
    rows.update(paused_at=timezone.now(), pause_reason=PAUSED_BY_PEOPLE)
    assert told("accounts")[1] == Level.WELL, "the agency has paused it"
    rows.filter(agency=alice.agency).update(pause_reason="status 401")
    soon = timezone.now() + timedelta(seconds=30)
    rows.filter(agency=charlie.agency).update(
        paused_at=None, tripped_until=soon, sends_wait_until=soon
    )
    words = "1 paused, 1 with an open breaker, 1 asked to slow down"
    assert told("accounts") == (words, Level.LOOK)
    for _ in range(2):
        IacreaAccount.objects.create(
            api_key="k", iacrea_user_id=uuid4(), paused_at=timezone.now(), name="lent"
        )
    assert told("accounts")[1] == Level.ACT
    rows.update(retired_at=timezone.now())
    assert told("accounts")[0].startswith("0 paused")


@pytest.mark.parametrize(
    ("seconds", "level"), [(59, Level.WELL), (61, Level.LOOK), (121, Level.ACT)]
)
def test_the_last_sign_of_life(db: None, seconds: float, level: Level) -> None:
    Lease.objects.create(name="canary:", expires_at=ago(seconds=3600))
    Lease.objects.create(name="canary:two", expires_at=ago(seconds=seconds))
    assert told("canary")[1] == level


def test_the_sweep(db: None) -> None:
    lease = Lease.objects.create(name="sweeper", expires_at=timezone.now() + timedelta(seconds=9))
    assert told("sweeper") == ("runs", Level.WELL)
    Lease.objects.filter(pk=lease.pk).update(expires_at=ago(seconds=1))
    assert told("sweeper") == ("does not run", Level.ACT)


@pytest.mark.parametrize(
    ("hints", "level"), [(99, Level.WELL), (100, Level.LOOK), (1000, Level.ACT)]
)
def test_hints_in_the_queue(db: None, hints: int, level: Level) -> None:
    before = health.read().queue
    waiting = OrmQ(key="parterre", payload="", lock=ago(seconds=1))
    OrmQ.objects.bulk_create(
        OrmQ(key=waiting.key, payload="", lock=waiting.lock) for _ in range(hints - before)
    )
    assert told("queue") == (str(hints), level)


def a_discrepancy(cast: Cast) -> Any:
    assert lifecycle.expire(processing_generation(cast))
    return Discrepancy.objects.all(), "created_at"


def a_complaint(cast: Cast) -> Any:
    job = succeeded_generation(cast)
    complain(job, author=cast.owner, reason=WrongReason.OTHER, text="a window")
    return Complaint.objects.all(), "created_at"


def a_request(cast: Cast) -> Any:
    ask(cast.owner, photos=10)
    return cast.agency.photo_requests.all(), "created_at"


def a_failing_endpoint(cast: Cast) -> Any:
    rows = WebhookEndpoint.objects.filter(pk=endpoint(cast).pk)
    rows.update(failing_since=timezone.now())
    return rows, "failing_since"


@pytest.mark.parametrize(
    ("name", "make", "days", "end"),
    [
        ("discrepancies", a_discrepancy, 1, {"closed_at": timezone.now(), "reason": "seen"}),
        ("complaints", a_complaint, 1, {"closed_at": timezone.now()}),
        ("photo_requests", a_request, 1, {"closed_at": timezone.now()}),
        ("failing_endpoints", a_failing_endpoint, 4, {"disabled_at": timezone.now()}),
    ],
)
def test_what_waits_for_people(
    alice: Cast, name: str, make: Callable[[Cast], Any], days: float, end: dict[str, Any]
) -> None:
    assert told(name) == ("0", Level.WELL)
    rows, moment = make(alice)
    assert told(name) == ("1, the oldest for 0 s", Level.LOOK)
    rows.update(**{moment: ago(days=days)})
    assert told(name)[1] == Level.ACT
    rows.update(**end)
    assert told(name) == ("0", Level.WELL)


def test_the_steps_of_the_charts() -> None:
    now = timezone.now().replace(minute=43, second=10, microsecond=0)
    times = [(0, ""), (0, "timed_out"), (4, ""), (175, ""), (181, ""), (0, "canceled")]
    found = slots([Ended(now - timedelta(minutes=m), 10, code) for m, code in times], now)
    assert len(found) == SLOTS and [slot.at.minute for slot in found][-2:] == [35, 40]
    assert [(s.made, s.failed) for s in found if s.made or s.failed] == [(1, 0), (1, 0), (1, 1)]
    taken = [Ended(now - timedelta(hours=3), seconds) for seconds in (10.0, 20.0, 90.0)]
    (hour,) = [hour for hour in hours(taken, now) if hour.usual_s]
    assert (hour.usual_s, hour.late_s, hour.at.minute) == (20, 90, 0)
    assert outcomes([]).failed_share is None


def test_times_are_spelled() -> None:
    assert [spell(s) for s in (0, 119.4, 120, 90000)] == [
        "0 s", "119 s", "2\xa0minutes", "1\xa0day, 1\xa0hour",
    ]  # fmt: skip


# --- The page


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


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
    assert len(found) == 8
    for address in found:
        assert full.get(address).status_code == 200, address


def stuck(cast: Cast, name: str = "upstream-1") -> Generation:
    job = processing_generation(cast, name)
    Generation.objects.filter(pk=job.pk).update(
        status_since=ago(hours=1), due_at=timezone.now() + timedelta(minutes=9)
    )
    return job


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


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [str(row[3]) for row in cursor.fetchall()]


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
