"""Deleting: into the bin at once, shown nowhere, back by one button, erased after 30 days."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import Schedule

from accounts.choices import Mode
from projects import erasure, keeping, lifecycle, selectors, services, sizes, tasks
from projects.choices import RoomType, Source, WrongReason
from projects.models import Complaint, Generation, Picture, Project, Upload
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.garden import (
    processing_generation,
    project_with_photo,
    queued_generation,
    succeeded_generation,
)
from tests.projects.jobs import again, backdate, balances, files_in
from tests.v1.api import live

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
DAY = 24 * 3600


def post(client: Client, url: str, *, follow: bool = False) -> Any:
    return client.post(url, headers=ENGLISH, follow=follow)


def of(job: Generation, what: str = "supprimer") -> str:
    return f"/projets/{job.project_id}/images/{job.pk}/{what}"


def text(client: Client, url: str) -> str:
    return client.get(url, headers=ENGLISH).content.decode()


def variation(cast: Cast, parent: Generation) -> Generation:
    """Of the same photo and zone, finished."""
    job = services.create_variation(
        parent=parent, author=cast.owner, source=Source.DASHBOARD, room_type=RoomType.POOL
    )
    attempt = lifecycle.open_attempt(job, job.pk.hex * 2)
    assert attempt and lifecycle.bind(attempt, f"of-{job.pk}", {})
    assert lifecycle.found_result(again(job), ["http://127.0.0.1/result.png"])
    keep(again(job), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(job))
    return again(job)


def files_of(job: Generation) -> list[str]:
    """Each address under which the agency's pages show something of it."""
    picture = job.pictures.get()
    return [
        f"/files/pictures/{picture.pk}", f"/files/thumbnails/{picture.pk}",
        f"/files/uploads/{job.photo_id}", f"/files/uploads/{job.mask_id}",
    ]  # fmt: skip


def statuses(client: Client, urls: list[str]) -> list[int]:
    return [client.get(url).status_code for url in urls]


def test_a_picture_goes_to_the_bin_and_comes_back(alice: Cast, alice_client: Client) -> None:
    first = succeeded_generation(alice)
    second, before = variation(alice, first), balances(alice)
    page = text(alice_client, f"/projets/{first.project_id}?image={first.pk}")
    assert of(first) in page and "Deleting gives no photos back" in page
    old = Project.objects.get().version
    answer = post(alice_client, of(first), follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(f"/projets/{first.project_id}", 302)]
    assert "in the bin for 30 days" in html and ">Undo<" in html
    assert of(first, "remettre") in html, "the message has the button"
    assert Project.objects.get().version > old and balances(alice) == before
    assert str(first.pk) not in text(alice_client, f"/projets/{first.project_id}")
    assert "No. 2" in text(alice_client, f"/projets/{first.project_id}"), "it keeps its number"
    assert statuses(alice_client, files_of(first)) == [404, 404, 200, 200]
    assert statuses(alice_client, files_of(second)) == [200] * 4, "its variation needs nothing"
    download = alice_client.get(of(second, "telecharger/jpeg"))["Content-Disposition"]
    assert (
        "-2.jpg" in download and alice_client.get(of(first, "telecharger/jpeg")).status_code == 404
    )
    post(alice_client, of(first, "remettre"))
    assert again(first).removed_at is None
    assert f"?image={first.pk}" in text(alice_client, f"/projets/{first.project_id}")
    assert statuses(alice_client, files_of(first)) == [200] * 4
    kinds = list(first.events.values_list("kind", flat=True))
    assert kinds[-2:] == ["removed", "brought_back"]


def test_twice_is_once(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    assert keeping.remove_generation(job, actor_id="x")
    removed_at = again(job).removed_at
    assert keeping.remove_generation(job, actor_id="x") and again(job).removed_at == removed_at
    assert post(alice_client, of(job)).status_code == 404
    for _twice in range(2):
        assert post(alice_client, of(job, "remettre")).status_code == 302
    assert job.events.filter(kind="removed").count() == 1
    assert job.events.filter(kind="brought_back").count() == 1


def test_what_runs_is_not_removed(alice: Cast, alice_client: Client) -> None:
    job = processing_generation(alice)
    for url, told in (
        (of(job), "The picture was not deleted"),
        (f"/projets/{job.project_id}/supprimer", "The project was not deleted"),
    ):
        answer = post(alice_client, url)
        assert answer.status_code == 409 and told in answer.content.decode()
        assert "Wait for its end" in answer.content.decode()
    assert again(job).removed_at is None and Project.objects.get().removed_at is None


def test_a_failed_one_can_be_removed_too(alice: Cast, alice_client: Client) -> None:
    job = processing_generation(alice)
    assert lifecycle.fail_upstream(job)
    job = again(job)
    assert of(job) in text(alice_client, f"/projets/{job.project_id}")
    assert post(alice_client, of(job)).status_code == 302
    assert of(job) not in text(alice_client, f"/projets/{job.project_id}")
    assert balances(alice) == (10, 0, 0)


def test_a_project_goes_to_the_bin_and_comes_back(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    before, here = balances(alice), f"/projets/{job.project_id}"
    assert f"{here}/supprimer" in text(alice_client, here)
    assert "/projets/corbeille" not in text(alice_client, "/")
    answer = post(alice_client, f"{here}/supprimer", follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [("/", 302)]
    assert "Jardin Martin" in html and f"{here}/remettre" in html and ">Undo<" in html
    assert "/projets/corbeille" in html and balances(alice) == before
    assert alice_client.get(here).status_code == alice_client.get(f"{here}/live").status_code == 404
    assert alice_client.get(f"{here}/zone").status_code == 404
    assert statuses(alice_client, files_of(job)) == [404] * 4
    for query in ("", "?q=martin", f"?q={str(job.pk)[:8]}", "?show=ready"):
        assert here not in text(alice_client, f"/{query}"), query
    listed = text(alice_client, "/projets/corbeille")
    assert "Jardin Martin" in listed and f"{here}/remettre" in listed
    answer = post(alice_client, f"{here}/remettre", follow=True)
    assert "The project is back." in answer.content.decode()
    assert answer.redirect_chain == [(here, 302)]
    assert statuses(alice_client, files_of(job)) == [200] * 4
    assert post(alice_client, f"{here}/remettre").status_code == 302


def test_a_draft_can_be_deleted_where_its_card_leads(alice: Cast, alice_client: Client) -> None:
    here = f"/projets/{project_with_photo(alice).pk}"
    assert f'action="{here}/supprimer"' in text(alice_client, f"{here}/zone")
    assert post(alice_client, f"{here}/supprimer").status_code == 302
    assert f'href="{here}' not in text(alice_client, "/")


def test_a_removed_picture_is_neither_counted_nor_found(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    keeping.remove_generation(job, actor_id="x")
    listed = text(alice_client, "/?show=draft")
    assert "Draft" in listed and "1 picture" not in listed
    for query in (f"?q={str(job.pk)[:8]}", "?show=ready"):
        assert str(job.project_id) not in text(alice_client, f"/{query}")


def test_no_variation_and_no_zone_of_a_removed_one(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    Upload.objects.filter(pk=job.mask_id).update(operations=[{"t": "c"}])
    zone = f"/projets/{job.project_id}/zone?from={job.pk}"
    assert alice_client.get(zone).context["form"].initial["operations"]
    keeping.remove_generation(job, actor_id="x")
    url = f"/projets/{job.project_id}/variations/{job.pk}"
    asked = {"form_id": str(uuid4()), "room_type": "POOL"}
    assert alice_client.post(url, asked).status_code == 404
    assert not alice_client.get(zone).context["form"].initial["operations"]


def test_the_bin_lists_both_newest_first(alice: Cast, alice_client: Client) -> None:
    assert "The bin is empty" in text(alice_client, "/projets/corbeille")
    alone, within = succeeded_generation(alice), queued_generation(alice)
    keeping.remove_generation(alone, actor_id="x")
    assert lifecycle.cancel(within, actor_id="x")
    keeping.remove_generation(again(within), actor_id="x")
    keeping.remove_project(within.project)
    html = text(alice_client, "/projets/corbeille")
    assert of(alone, "remettre") in html
    assert of(within, "remettre") not in html, "it comes back with its project"
    assert html.index(f"/projets/{within.project_id}/remettre") < html.index(of(alone, "remettre"))
    assert post(alice_client, of(within, "remettre")).status_code == 404
    backdate(alone, 31 * DAY, "removed_at")
    assert of(alone, "remettre") not in text(alice_client, "/projets/corbeille")
    later = timezone.localdate() + timedelta(days=30)
    assert f"{later:%Y}" in html and str(later.day) in html


def test_the_bin_costs_the_same_for_one_and_for_three(alice: Cast, alice_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice_client.get("/projets/corbeille").status_code == 200
        return len(captured)

    keeping.remove_generation(succeeded_generation(alice), actor_id="x")
    keeping.remove_project(services.create_project(
        agency=alice.agency, mode=Mode.LIVE, author=alice.owner
    ))  # fmt: skip
    one = queries()
    for number in range(2):
        job = processing_generation(alice, f"more-{number}")
        lifecycle.fail_upstream(job)
        keeping.remove_generation(again(job), actor_id="x")
        keeping.remove_project(services.create_project(
            agency=alice.agency, mode=Mode.LIVE, author=alice.owner
        ))  # fmt: skip
    assert queries() == one <= 12


def test_the_api_goes_on_showing_it(alice: Cast) -> None:
    """The agency's software has its own idea of what is there."""
    api, job = live(alice), succeeded_generation(alice)
    keeping.remove_generation(job, actor_id="x")
    keeping.remove_project(job.project)
    assert api.get(f"generations/{job.pk}")[1]["urls"]
    assert len(api.get("generations")[1]["data"]) == len(api.get("projects")[1]["data"]) == 1
    assert api.get(f"projects/{job.project_id}")[0] == 200
    assert api.get(f"uploads/{job.photo_id}")[0] == 200
    body = {"user_id": alice.user_id, "generation_id": str(job.pk)}
    assert Client().post(
        "/api/create_exterior/get", body, "application/json", headers=alice.headers
    ).json()["urls"]  # fmt: skip


def test_a_project_that_is_worked_with_leaves_the_bin(alice: Cast) -> None:
    """Else its new picture would be erased with it."""
    api, job = live(alice), succeeded_generation(alice)
    keeping.remove_project(job.project)
    assert api.post(f"generations/{job.pk}/variations", {"room_type": "POOL"})[0] == 202
    assert Project.objects.get().removed_at is None


# --- After 30 days


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_a_picture_is_erased_with_every_file(alice: Cast, media: Path) -> None:
    job = succeeded_generation(alice)
    child, before = variation(alice, job), balances(alice)
    picture = job.pictures.get()
    sizes.sized(picture, 480, "webp")
    picture.restored.save("restored.jpg", ContentFile(b"picture"))
    assert len(picture.files) == 3
    keeping.write_note(job, "Mme Martin")
    keeping.complain(job, author=alice.owner, reason=WrongReason.OTHER, text="Mme Martin")
    keeping.remove_generation(job, actor_id="x")
    backdate(job, 29 * DAY, "removed_at")
    tasks.empty_the_bin()
    assert job.pictures.exists() and len(files_in(media)) == 8
    backdate(job, 2 * DAY, "removed_at")
    tasks.empty_the_bin()
    job = again(job)
    assert job.erased_at and (job.photo, job.mask, job.note) == (None, None, "")
    assert not job.pictures.exists() and Complaint.objects.get().text == ""
    kept = {child.photo.file.name, child.mask.file.name, *child.pictures.get().files}
    assert {str(path.relative_to(media)) for path in files_in(media)} == kept
    assert balances(alice) == before
    _status, shown = live(alice).get(f"generations/{job.pk}")
    assert (shown["urls"], shown["charged"]) == ([], 1)
    another = services.create_variation(
        parent=child, author=alice.owner, source=Source.DASHBOARD, room_type=RoomType.PETANQUE
    )
    assert another.photo == child.photo and another.mask == child.mask


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_a_project_is_erased_with_every_file(alice: Cast, media: Path) -> None:
    job = succeeded_generation(alice)
    sizes.sized(job.photo, 480, "jpg")
    keeping.remove_project(job.project)
    backdate(job.project, 31 * DAY, "removed_at")
    assert len(files_in(media)) == 5
    tasks.empty_the_bin()
    project = Project.objects.get()
    assert project.erased_at and project.title == "" and files_in(media) == []
    assert not Picture.objects.exists() and not Upload.objects.exists()
    assert balances(alice) == (9, 0, 1)


def test_a_zone_that_nothing_else_uses_goes_with_its_picture(alice: Cast) -> None:
    job = succeeded_generation(alice)
    keeping.remove_generation(job, actor_id="x")
    backdate(job, 31 * DAY, "removed_at")
    assert erasure.empty_the_bin() == 1 and erasure.empty_the_bin() == 0
    assert list(Upload.objects.all()) == [job.photo], "the project has the photo"


def test_what_came_back_is_not_erased(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    keeping.remove_generation(job, actor_id="x")
    keeping.remove_project(job.project)
    for row in (job, job.project):
        backdate(row, 31 * DAY, "removed_at")
    longest = timezone.now() - selectors.BIN_KEEPS
    assert keeping.bring_back_project(job.project)
    assert keeping.bring_back_generation(job, actor_id="x")
    assert not erasure.erase_project(job.project, removed_before=longest)
    assert erasure.empty_the_bin() == 0 and job.pictures.exists()


def test_what_is_erased_does_not_come_back(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    keeping.remove_generation(job, actor_id="x")
    backdate(job, 31 * DAY, "removed_at")
    erasure.empty_the_bin()
    assert post(alice_client, of(job, "remettre")).status_code == 404
    assert not keeping.bring_back_generation(job, actor_id="x")
    keeping.write_note(job, "again")
    assert again(job).removed_at and again(job).note == ""
    keeping.remove_project(job.project)
    assert erasure.erase_project(job.project)
    assert not keeping.bring_back_project(job.project)
    assert post(alice_client, f"/projets/{job.project_id}/remettre").status_code == 404


def test_a_job_under_way_keeps_its_project(alice: Cast) -> None:
    job = processing_generation(alice)
    Project.objects.update(removed_at=timezone.now() - timedelta(days=31))
    assert erasure.empty_the_bin() == 0
    assert lifecycle.fail_upstream(job)
    assert erasure.empty_the_bin() == 1


@pytest.mark.parametrize("times", [1, 2])
def test_the_scheduler_does_it_each_night(times: int) -> None:
    migration = import_module("projects.migrations.0017_empty_the_bin")
    for _ in range(times):
        migration.add(apps, None)
    row = Schedule.objects.get(name=migration.NAME)
    assert (row.func, row.schedule_type) == ("projects.tasks.empty_the_bin", "D")
    assert timezone.localtime(row.next_run).hour == 3
