"""Projects: made, named, listed, and erased without a trace of the client."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from accounts.models import Agency, IdempotentAnswer
from integrations.webhooks.models import Delivery, Event
from projects import sizes
from projects.models import Generation, Picture, Project, Upload
from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation
from tests.projects.jobs import balances
from tests.v1.api import TRIANGLE, live

pytestmark = pytest.mark.django_db


def test_made_changed_and_listed(alice: Cast) -> None:
    api = live(alice)
    status, made = api.post("projects", {"title": "Jardin Élodie"})
    assert (status, made["title"], made["image"]) == (201, "Jardin Élodie", None)
    photo = api.photo()
    status, changed = api.send("patch", f"projects/{made['id']}", {"image": photo})
    assert (status, changed["title"], changed["image"]) == (200, "Jardin Élodie", photo)
    assert api.get(f"projects/{made['id']}") == (200, changed)
    assert api.get("projects")[1]["data"] == [changed]
    job = api.job(image=photo, project=made["id"])
    assert job["project"] == made["id"] and Project.objects.count() == 1


def test_somebody_elses_is_none(alice: Cast, charlie: Cast) -> None:
    his = str(queued_generation(charlie).project_id)
    api = live(alice)
    assert api.get(f"projects/{his}")[0] == 404
    assert api.send("patch", f"projects/{his}", {"title": "mine"})[0] == 404
    assert api.send("delete", f"projects/{his}")[0] == 404
    assert Project.objects.get(pk=his).erased_at is None


def test_erased_with_all_its_files(alice: Cast, media: Path) -> None:
    api, job = live(alice), succeeded_generation(alice)
    Generation.objects.filter(pk=job.pk).update(metadata={"client": "Élodie"})
    assert [path for path in media.rglob("*") if path.is_file()]
    assert api.send("delete", f"projects/{job.project_id}") == (204, None)
    # pytest's transaction never commits: what would run then is run here.
    assert api.get(f"projects/{job.project_id}")[0] == 404
    assert not Picture.objects.exists() and not Upload.objects.exists()
    job.refresh_from_db()
    assert (job.metadata, job.result_urls, job.photo, job.mask) == ({}, [], None, None)
    _status, shown = api.get(f"generations/{job.pk}")
    assert (shown["status"], shown["urls"], shown["charged"]) == ("SUCCEEDED", [], 1)
    assert balances(alice) == (9, 0, 1)
    status, answer = api.post(f"generations/{job.pk}/variations", {"room_type": "POOL"})
    assert (status, answer["code"]) == (410, "source_gone")


def test_no_copy_of_its_words_is_left(alice: Cast) -> None:
    """In what was told, or in an answer that is kept for a repeat."""
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE}
    said = {**wish, "metadata": {"client": "Élodie"}, "webhook": "http://127.0.0.1:1/"}
    status, job = api.post("generations", said, **{"Idempotency-Key": "once"})
    assert status == 202 and api.post(f"generations/{job['id']}/cancel")[0] == 200
    assert Event.objects.count() == 1 and Delivery.objects.count() == 1
    assert IdempotentAnswer.objects.filter(answer__contains=job["id"]).exists()
    assert api.send("delete", f"projects/{job['project']}")[0] == 204
    assert not Event.objects.exists() and not Delivery.objects.exists()
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_its_files_go_with_the_commit(alice: Cast, media: Path) -> None:
    Agency.objects.update(restore_outside=True)
    job = succeeded_generation(alice)
    for row in (job.pictures.get(), job.photo):
        sizes.sized(row, 480, "webp")
    assert live(alice).send("delete", f"projects/{job.project_id}")[0] == 204
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_what_another_project_uses_stays(alice: Cast) -> None:
    api = live(alice)
    photo = api.photo()
    first, second = api.job(image=photo), api.job(image=photo)
    assert api.post(f"generations/{first['id']}/cancel")[0] == 200
    assert api.send("delete", f"projects/{first['project']}")[0] == 204
    kept = Upload.objects.get(pk=photo)
    assert default_storage.exists(str(kept.file.name))
    assert Generation.objects.get(pk=second["id"]).photo == kept


def test_not_while_a_job_is_under_way(alice: Cast) -> None:
    api = live(alice)
    job = api.job(polygon=TRIANGLE)
    status, answer = api.send("delete", f"projects/{job['project']}")
    assert (status, answer["code"]) == (409, "project_busy")
    assert Upload.objects.count() == 2
