"""How much of the storage an agency may fill: counted with each file, refused above it."""

from functools import partial
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import kept_bytes as counting
from accounts.choices import Mode
from accounts.kept_bytes import GIB, room_of
from accounts.models import Agency, AuditEntry, KeptBytes
from accounts.services import set_storage
from integrations.doors.images import read_photo
from projects import erasure, kept_bytes, lifecycle, services, tasks
from projects.choices import UploadKind
from projects.models import Generation, Picture, Project, Upload
from projects.pipeline.archive import keep
from tests.accounts.movements import balances
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import at_once
from tests.projects.test_pages import SCRIPT, ask, upload
from tests.v1.api import TRIANGLE, in_test_mode, live

pytestmark = pytest.mark.django_db


def kept(cast: Cast) -> int:
    return room_of(cast.agency).kept


def of_its_rows(cast: Cast) -> int:
    models: Any = (Upload, Picture)
    return sum(row.size for model in models for row in model.objects.filter(agency=cast.agency))


def fill(cast: Cast, *, but: int = 0) -> None:
    """As if its files took all, or all but so many bytes."""
    counting.count(cast.agency.pk, 100 * GIB - kept(cast) - but)


def test_each_file_is_counted_and_uncounted_when_it_goes(alice: Cast, charlie: Cast) -> None:
    job = succeeded_generation(alice)
    live(alice).photo()
    in_test_mode(alice).mask()
    assert kept(alice) == of_its_rows(alice) > 0 == kept(charlie)
    before = kept(alice)
    services.discard_upload(Upload.objects.filter(mode=Mode.TEST).get())
    assert kept(alice) == of_its_rows(alice) < before
    assert erasure.erase_project(job.project)
    assert kept(alice) == of_its_rows(alice) == Upload.objects.get().size


def test_a_full_agency_sends_nothing_by_the_api(alice: Cast, charlie: Cast) -> None:
    fill(alice, but=100)
    status, said = live(alice).upload(photo_bytes())
    assert (status, said["code"], said["title"]) == (409, "storage_full", "Plus de place")
    assert "100,0" in said["detail"] and not Upload.objects.exists()
    assert live(charlie).upload(photo_bytes())[0] == 201


def test_it_starts_no_job_either_and_is_charged_nothing(alice: Cast) -> None:
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE}
    fill(alice)
    status, said = api.post("generations", wish)
    assert (status, said["code"]) == (409, "storage_full")
    assert balances(alice) == (10, 0, 0) and not Generation.objects.exists()
    assert kept(alice) == 100 * GIB and Upload.objects.count() == 1


def test_what_is_in_hand_still_ends(alice: Cast) -> None:
    job = processing_generation(alice)
    fill(alice)
    assert lifecycle.found_result(job, ["http://127.0.0.1/result.png"])
    job.refresh_from_db()
    keep(job, 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(job) and balances(alice) == (9, 0, 1)
    assert kept(alice) == 100 * GIB + Picture.objects.get().size


@pytest.mark.parametrize(
    ("language", "words"), [("en", "fill the 100.0 GB"), ("fr", "remplissent les 100,0 Gio")]
)
def test_the_pages_say_so(alice: Cast, alice_client: Client, language: str, words: str) -> None:
    project = queued_generation(alice).project
    fill(alice)
    client = alice_client
    client.cookies["django_language"] = language
    new = {"photo": upload(photo_bytes()), "title": "Martin", "project_id": str(uuid4())}
    answer = client.post("/projets/nouveau", new)
    shown = answer.text.replace("\xa0", " ")
    assert answer.status_code == 409 and words in shown and 'value="Martin"' in shown
    new["photo"] = upload(photo_bytes())
    told = client.post("/projets/nouveau", new, headers=SCRIPT)
    assert told.status_code == 409 and words in told.json()["problem"].replace("\xa0", " ")
    assert words in client.post("/projets/exemple").text.replace("\xa0", " ")
    assert words in ask(client, project).text.replace("\xa0", " ")
    assert Project.objects.count() == 1 and balances(alice) == (9, 1, 0)


def test_an_erased_project_makes_room(alice: Cast) -> None:
    job = succeeded_generation(alice)
    fill(alice)
    assert live(alice).upload(photo_bytes())[0] == 409
    assert live(alice).send("delete", f"projects/{job.project_id}")[0] == 204
    assert live(alice).upload(photo_bytes())[0] == 201


def test_support_gives_it_a_figure_of_its_own(alice: Cast) -> None:
    fill(alice)
    give = partial(set_storage, agency=alice.agency, actor_id="", reason="they asked")
    assert give(gigabytes=101) and not give(gigabytes=101)
    assert live(alice).upload(photo_bytes())[0] == 201
    assert give(gigabytes=None)
    assert live(alice).upload(photo_bytes())[0] == 409
    entries = AuditEntry.objects.filter(action="agency.storage_changed").order_by("created_at")
    assert [entry.detail for entry in entries] == [
        {"before": None, "after": 101}, {"before": 101, "after": None}
    ]  # fmt: skip


def test_many_counts_become_one(alice: Cast) -> None:
    for _ in range(counting.FEW + 1):
        counting.count(alice.agency.pk, 3)
    tasks.ensure_sweeper()
    assert KeptBytes.objects.get().bytes == kept(alice) == 3 * (counting.FEW + 1)


def test_what_was_never_counted_is_found_and_put_right(alice: Cast, charlie: Cast) -> None:
    """As before the upgrade that began to count, or with a row that was written by hand."""
    succeeded_generation(alice)
    KeptBytes.objects.all().delete()
    counting.count(charlie.agency.pk, 7)
    lost = of_its_rows(alice)
    assert dict(kept_bytes.differences()) == {alice.agency.pk: lost, charlie.agency.pk: -7}
    out = StringIO()
    call_command("count_storage", stdout=out)
    assert f"{alice.agency.pk}: +{lost} bytes" in out.getvalue()
    assert not dict(kept_bytes.differences()) and (kept(alice), kept(charlie)) == (lost, 0)
    KeptBytes.objects.all().delete()
    tasks.audit_ledger()
    assert kept(alice) == lost


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_uploads_and_foldings_at_once_lose_no_byte(alice: Cast) -> None:
    store = partial(
        services.store_upload, agency=alice.agency, mode=Mode.LIVE, kind=UploadKind.PHOTO,
        image=read_photo(photo_bytes()),
    )  # fmt: skip
    for _ in range(counting.FEW + 1):
        counting.count(alice.agency.pk, 1)
    at_once(*[store, counting.fold, kept_bytes.mend] * 3)
    kept_bytes.mend()
    assert not dict(kept_bytes.differences())
    assert kept(alice) == of_its_rows(alice)
    assert Agency.objects.get(pk=alice.agency.pk).storage_gb is None


def test_the_figures_are_shown(alice: Cast, alice_client: Client) -> None:
    alice_client.cookies["django_language"] = "en"
    counting.count(alice.agency.pk, 3 * GIB // 2)
    shown = alice_client.get("/utilisation").text.replace("\xa0", " ")
    assert "1.5 GB of 100.0 GB are filled." in shown


def test_a_mask_is_counted_by_what_is_kept_of_it(alice: Cast) -> None:
    status, said = live(alice).upload(mask_bytes(), kind="mask")
    assert status == 201 and kept(alice) == said["size"]
