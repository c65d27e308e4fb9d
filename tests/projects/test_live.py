"""Pages that wait: "nothing has changed" is cheap, safe, and says when to ask again."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Mode
from accounts.models import Membership, User
from projects import estimates, lifecycle, selectors
from projects.choices import Status
from projects.models import Generation, Project
from projects.views.polling import wait_for
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, project_with_photo, queued_generation
from tests.projects.made import ready

pytestmark = pytest.mark.django_db
TAG = {"etag": r'data-etag="([^"]+)"', "url": r'data-live="([^"]+)"'}


@pytest.fixture(autouse=True)
def _nothing_is_known() -> Iterator[None]:
    estimates.forget()
    yield
    estimates.forget()


def asked_by(client: Client, page: str) -> tuple[str, dict[str, str]]:
    """What the page asks again and again: the address, and the headers."""
    html = client.get(page).content.decode()
    found = {name: re.search(pattern, html) for name, pattern in TAG.items()}
    assert found["url"] and found["etag"]
    return unescape(found["url"][1]), {"if-none-match": unescape(found["etag"][1])}


def page_of(job: Generation) -> str:
    return f"/projets/{job.project_id}"


@pytest.mark.parametrize("page", ["project", "list", "filtered"])
def test_nothing_new_costs_one_query_and_no_session(
    alice: Cast, alice_client: Client, page: str
) -> None:
    job = processing_generation(alice)
    at = {"project": page_of(job), "list": "/", "filtered": "/?q=martin&show=running"}[page]
    url, headers = asked_by(alice_client, at)
    with CaptureQueriesContext(connection) as captured:
        answer = alice_client.get(url, headers=headers)
    assert answer.status_code == 304 and answer.content == b""
    assert len(captured) == 1, [query["sql"] for query in captured]
    assert float(answer["X-Poll-After"]) > 0 and answer["ETag"] == headers["if-none-match"]
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("page", ["project", "list"])
def test_a_change_is_shown_and_the_end_is_said(
    alice: Cast, alice_client: Client, page: str
) -> None:
    job = queued_generation(alice)
    url, headers = asked_by(alice_client, page_of(job) if page == "project" else "/")
    ready(job)
    answer = alice_client.get(url, headers=headers)
    assert answer.status_code == 200 and answer["X-Poll-Stop"] == "1"
    assert "chip ready" in answer.content.decode() and "X-Poll-After" not in answer
    assert "<html" not in answer.content.decode(), "a part of the page"


@pytest.mark.parametrize("page", ["project", "list"])
def test_the_photos_of_the_header_come_behind_a_change(
    alice: Cast, alice_client: Client, page: str
) -> None:
    """Ten less the one that is held; a picture that fails gives it back."""
    job = processing_generation(alice)
    url, headers = asked_by(alice_client, page_of(job) if page == "project" else "/")
    lifecycle.fail_upstream(job)
    html = alice_client.get(url, headers=headers).content.decode()
    left = re.search(r'<template><p class="quota.*id="photos-left">([^<]*)<', html, re.DOTALL)
    assert left and "10" in left[1]


@pytest.mark.parametrize("page", ["project", "list"])
def test_who_is_no_member_any_more_learns_nothing(alice: Cast, bob: Membership, page: str) -> None:
    job, client = processing_generation(alice), signed_in(bob)
    url, headers = asked_by(client, page_of(job) if page == "project" else "/")
    assert client.get(url, headers=headers).status_code == 304
    bob.delete()
    assert client.get(url, headers=headers).status_code == 403


@pytest.mark.parametrize("page", ["project", "list"])
def test_a_pass_opens_nothing_for_who_is_not_signed_in(
    alice: Cast, alice_client: Client, charlie_client: Client, page: str
) -> None:
    job = processing_generation(alice)
    url, _headers = asked_by(alice_client, page_of(job) if page == "project" else "/")
    assert Client().get(url).status_code == 302
    stale = {"if-none-match": 'W/"0-fr"'}
    assert Client().get(url, headers=stale).status_code == 302
    stolen = charlie_client.get(url, headers=stale)
    assert stolen.status_code == (404 if page == "project" else 200)
    assert job.project.title not in stolen.content.decode()


def test_a_blocked_account_learns_nothing(alice: Cast, alice_client: Client) -> None:
    url, headers = asked_by(alice_client, page_of(processing_generation(alice)))
    User.objects.update(is_active=False)
    assert alice_client.get(url, headers=headers).status_code == 302


@pytest.mark.parametrize("change", ["other", "forged", "none", "old"])
def test_without_a_good_pass_the_session_is_asked(
    alice: Cast, alice_client: Client, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = processing_generation(alice), processing_generation(alice, "upstream-2")
    url, headers = asked_by(alice_client, page_of(first))
    if change == "other":
        url = url.replace(str(first.project_id), str(second.project_id))
    elif change == "forged":
        url = url[:-3] + "xyz"
    elif change == "none":
        url = url.partition("?")[0]
    else:
        later = signing.time.time() + 13 * 3600
        monkeypatch.setattr(signing.time, "time", lambda: later)
    with CaptureQueriesContext(connection) as captured:
        assert alice_client.get(url, headers=headers).status_code == 304
    assert "django_session" in captured[0]["sql"]


def test_another_language_is_another_page(alice: Cast, alice_client: Client) -> None:
    for page in ("/", page_of(processing_generation(alice))):
        url, headers = asked_by(alice_client, page)
        english = {**headers, "accept-language": "en"}
        assert alice_client.get(url, headers=english).status_code == 200


def test_a_page_of_finished_pictures_does_not_ask(alice: Cast, alice_client: Client) -> None:
    job = ready(queued_generation(alice))
    for page in ("/", page_of(job)):
        assert "js/live.js" not in alice_client.get(page).content.decode()


@pytest.mark.parametrize("projects", [1, 200])
def test_a_page_of_the_list_costs_the_same_for_any_number(
    alice: Cast, alice_client: Client, projects: int
) -> None:
    job = ready(queued_generation(alice))
    more = [project_with_photo(alice) for _ in range(23)] if projects > 1 else []
    same = {"agency": alice.agency, "mode": "live", "photo": job.photo, "mask": job.mask}
    Generation.objects.bulk_create(
        Generation(project=project, room_type="POOL", source="dashboard", status="PROCESSING",
                   status_since=timezone.now(), account=job.account, author=alice.owner, **same)
        for project in more
    )  # fmt: skip
    rest = max(0, projects - 1 - len(more))
    Project.objects.bulk_create(
        Project(agency=alice.agency, mode="live", title=f"{n}", photo=job.photo)
        for n in range(rest)
    )
    # The oldest are the ones with most to show.
    Project.objects.filter(pk__in=[job.project_id, *(row.pk for row in more)]).update(
        created_at=timezone.now() + timedelta(minutes=1)
    )
    with CaptureQueriesContext(connection) as captured:
        page = alice_client.get("/")
    assert len(page.context["cards"]) == min(projects, 24)
    assert len(captured) <= 12, [query["sql"] for query in captured]


# --- When to ask again


def durations(cast: Cast, *seconds: float) -> None:
    """So many pictures of the upstream, each of which took so long."""
    for length in seconds:
        job = ready(queued_generation(cast))
        began = job.ended_at - timedelta(seconds=length)
        Generation.objects.filter(pk=job.pk).update(created_at=began)


def aged(job: Generation, seconds: float) -> Generation:
    began = timezone.now() - timedelta(seconds=seconds)
    Generation.objects.filter(pk=job.pk).update(created_at=began)
    return job


def test_a_running_picture_tells_how_long_they_take(
    alice: Cast, charlie: Cast, alice_client: Client
) -> None:
    durations(charlie, 36, 38, 40, 42, 95)
    job = aged(processing_generation(alice), 10)
    html = alice_client.get(page_of(job)).content.decode().replace("\xa0", " ")
    assert "40 s" in html and re.search(r"data-overdue hidden", html)
    late = re.search(r'data-late="(\d+)"', html)
    assert late and 42 < int(late[1]) < 95
    aged(job, 96)
    estimates.forget()
    html = alice_client.get(page_of(job)).content.decode()
    assert re.search(r"data-in-time hidden", html) and "data-overdue>" in html


def test_few_pictures_tell_nothing(alice: Cast, alice_client: Client) -> None:
    durations(alice, 36, 38, 40, 42)
    html = alice_client.get(page_of(processing_generation(alice))).content.decode()
    assert "data-late" not in html and "data-overdue" not in html


def test_another_upstreams_pictures_tell_nothing(alice: Cast) -> None:
    durations(alice, 36, 38, 40, 42, 44)
    origin = Generation.objects.first().upstream_origin  # type: ignore[union-attr]
    assert estimates.estimate(origin) and not estimates.estimate("https://elsewhere.example")


def test_an_estimate_is_asked_for_once_a_minute(
    alice: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    durations(alice, 36, 38, 40, 42, 44)
    origin = Generation.objects.first().upstream_origin  # type: ignore[union-attr]
    asked_at(monkeypatch, origin, (0, 2), (59, 0), (61, 2))


def test_that_nothing_is_known_is_asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows many running pictures, and none of them asks for itself."""
    asked_at(monkeypatch, "https://pictures.example", (0, 2), (4, 0), (6, 2))


def asked_at(monkeypatch: pytest.MonkeyPatch, origin: str, *times: tuple[int, int]) -> None:
    """At these seconds, with so many queries."""
    now = [0.0]
    monkeypatch.setattr(estimates, "monotonic", lambda: now[0])
    for at, queries in times:
        now[0] = at
        with CaptureQueriesContext(connection) as captured:
            estimates.estimate(origin)
        assert len(captured) == queries, at


def waiting(status: Status, age: float, in_status: float = 0) -> Generation:
    """Seconds since it was asked for, and since it is where it is."""
    now = timezone.now()
    created, since = (now - timedelta(seconds=seconds) for seconds in (age, in_status))
    return Generation(status=status, created_at=created, status_since=since)


@pytest.mark.parametrize(
    ("age", "seconds"),
    [(0, 1), (10, 2.5), (25, 5), (28, 2), (29.9, 1), (45, 1), (69, 1), (73, 1), (78, 2), (100, 4)],
)
def test_the_nearer_the_picture_the_sooner_it_is_asked_for(age: float, seconds: float) -> None:
    usual = estimates.Estimate(usual=40, late=70)
    job = waiting(Status.PROCESSING, age)
    assert wait_for(job, usual) == pytest.approx(seconds, abs=0.2)


def test_the_last_phase_is_the_shortest() -> None:
    assert wait_for(waiting(Status.ARCHIVING, 60, 1), None) == 0.25
    assert wait_for(waiting(Status.QUEUED, 60), None) == 3


def test_a_picture_that_cannot_be_fetched_is_not_asked_for_twice_a_second() -> None:
    assert wait_for(waiting(Status.ARCHIVING, 60, 11), None) == 3


def test_one_setting_makes_all_pages_ask_less_often(
    alice: Cast, alice_client: Client, settings: Any
) -> None:
    job = processing_generation(alice)
    asked = [asked_by(alice_client, page) for page in ("/", page_of(job))]
    before = [float(alice_client.get(u, headers=h)["X-Poll-After"]) for u, h in asked]
    settings.LIVE_POLL_TIMES = 4
    after = [float(alice_client.get(u, headers=h)["X-Poll-After"]) for u, h in asked]
    assert after == [4 * seconds for seconds in before]
    assert float(alice_client.get(asked[1][0])["X-Poll-After"]) == after[1], "with a new part too"


def test_a_page_far_behind_the_last_shows_the_last(alice: Cast, alice_client: Client) -> None:
    processing_generation(alice)
    for number in ("99", "-1", "x", "٣", ""):
        page = f"/?page={number}"
        assert len(alice_client.get(page).context["cards"]) == 1
        url, headers = asked_by(alice_client, page)
        assert alice_client.get(url, headers=headers).status_code == 304


def test_the_question_sees_what_the_list_shows(alice: Cast, bob: Membership, charlie: Cast) -> None:
    """The statement by hand and the ORM's, which answers when the list is narrowed, are one."""
    for cast in (alice, alice, alice, alice, charlie):
        project_with_photo(cast)
    removed, erased, *_ = Project.objects.filter(agency=alice.agency)
    Project.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    Project.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    for reader in (bob.pk, charlie.owner.pk, uuid4()):
        rows = selectors.projects_seen_by(reader, Mode.LIVE).values_list("pk", "version")
        for first, count in [(0, 24), (1, 1), (9, 24)]:
            seen = selectors.versions_seen_by(reader, Mode.LIVE, first, count)
            assert seen == list(rows[first : first + count])
    assert len(selectors.versions_seen_by(bob.pk, Mode.LIVE, 0, 24)) == 2
    Membership.objects.filter(pk=bob.pk).update(removed_at=timezone.now())
    assert not selectors.versions_seen_by(bob.pk, Mode.LIVE, 0, 24)


@pytest.mark.parametrize("where", ["removed", "its project removed", "erased", "ended", "test"])
def test_the_question_sees_no_job_that_the_page_does_not_show(alice: Cast, where: str) -> None:
    job = processing_generation(alice)
    (before,) = selectors.running_in(job.project_id, Mode.LIVE, alice.owner.pk)
    assert (before.status, before.created_at) == (job.status, job.created_at)
    now, project = timezone.now(), Project.objects.filter(pk=job.project_id)
    if where == "removed":
        Generation.objects.filter(pk=job.pk).update(removed_at=now)
    elif where == "its project removed":
        project.update(removed_at=now)
    elif where == "erased":
        project.update(erased_at=now)
    elif where == "ended":
        lifecycle.expire(aged(job, 10**6))
    mode = Mode.TEST if where == "test" else Mode.LIVE
    assert not selectors.running_in(job.project_id, mode, alice.owner.pk)
