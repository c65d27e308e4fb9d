"""The page of a generation: its story and an answer, and pictures only once it is written down."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Agency, ApiKey, AuditEntry, User
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import WebhookSecret
from projects import erasure, services
from projects.choices import RoomType, Source
from projects.models import Attempt, Generation, Picture, ShareLink, Upload
from projects.views.desk_generation import LOOK_S, SALT
from tests.conftest import Cast, signed_in
from tests.desk.planting import PLANTED, eventful, fattened, staff
from tests.garden import queued_generation, succeeded_generation
from tests.projects.jobs import again
from tests.test_admin import address, inline

pytestmark = pytest.mark.django_db
VIEWED = "generation.pictures_viewed"


@pytest.fixture
def dana(db: None) -> Client:
    return staff()


@pytest.fixture
def job(alice: Cast) -> Generation:
    return succeeded_generation(alice)


def page(client: Client, job: Generation) -> str:
    answer = client.get(address(Generation, "change", job.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def images(job: Generation, name: str = "") -> str:
    return f"/admin/generations/{job.pk}/images{name}"


def test_it_says_what_it_is_and_what_happened(dana: Client, alice: Cast, job: Generation) -> None:
    variation = services.create_variation(
        parent=job, author=alice.owner, source=Source.DASHBOARD, room_type=RoomType.POOL,
        zone=services.Zone(upload=job.mask),
    )  # fmt: skip
    html = page(dana, job)
    for row in (alice.agency, alice.owner, job.project, variation, job.account):
        assert f'href="{address(type(row), "change", row.pk)}"' in html, row
    for told in ("SUCCEEDED · ", "upstream-1", "price: 1 photo · charged: 1", "1 photo charged."):
        assert told in html
    assert f'href="{address(Generation, "change", job.pk)}"' in page(dana, variation), "its parent"
    assert "Hello Alice" in html or "Bonjour" in html
    assert 'data-copies="answer"' in html and "js/copy_text.js" in html
    assert inline(html) == [] and f'src="{images(job)}' not in html, (
        "no picture before it is asked for"
    )


def test_why_it_failed_is_said_in_words(dana: Client, alice: Cast) -> None:
    from projects import lifecycle

    job = queued_generation(alice)
    assert lifecycle.refuse_inputs(job, "mask_empty")
    html = page(dana, job)
    assert "The photo or the zone cannot be used. mask_empty" in html and "FAILED · " in html


def test_a_long_story_costs_no_more(
    dana: Client, alice: Cast, django_assert_max_num_queries: Any
) -> None:
    job = eventful(alice)
    for more in (0, 1200):
        fattened(alice, job, more)
        with django_assert_max_num_queries(12):
            html = page(dana, job)
    assert "only the newest are shown, 500 lines in all" in html
    reader = staff("view_generation", "view_picture", "view_ledgerentry", "view_agency")
    for each in (job, queued_generation(alice)):
        with django_assert_max_num_queries(12):
            page(reader, each)


def test_no_secret_is_on_it(dana: Client, alice: Cast) -> None:
    html = page(dana, eventful(alice))
    secrets = {
        alice.api_key, *PLANTED.values(),
        *Agency.objects.values_list("webhook_secret", flat=True),
        *IacreaAccount.objects.values_list("api_key", flat=True),
        *WebhookSecret.objects.values_list("secret", flat=True),
        *ApiKey.objects.values_list("key_hash", flat=True),
        *Attempt.objects.values_list("token_sha256", flat=True),
        *ShareLink.objects.values_list("token", flat=True),
        *ShareLink.objects.values_list("token_sha256", flat=True),
        *Upload.objects.values_list("token", flat=True),
        *Upload.objects.values_list("file", flat=True),
        *Picture.objects.values_list("file", flat=True),
    }  # fmt: skip
    assert len(secrets) > 15
    assert [secret for secret in secrets if secret in html] == []


def test_hostile_names_are_text(dana: Client, alice: Cast, job: Generation) -> None:
    hostile = "<script>alert(1)</script>"
    Agency.objects.filter(pk=alice.agency.pk).update(name=hostile)
    User.objects.filter(pk=alice.owner.user_id).update(name=f"</textarea>{hostile}")
    type(job.project).objects.filter(pk=job.project_id).update(title=f"'\"{hostile}")
    attempt = job.attempts.get()
    Attempt.objects.filter(pk=attempt.pk).update(evidence={"body": f"</pre>{hostile}"})
    html = page(dana, job)
    assert "alert(1)" in html and "<script>alert" not in html
    assert html.count("</textarea>") == 1


def test_whoever_may_not_see_generations_sees_none(alice: Cast, job: Generation) -> None:
    at = address(Generation, "change", job.pk)
    assert staff("view_project").get(at).status_code == 403
    assert signed_in(alice.owner).get(at).status_code == 302


def test_there_is_no_page_of_what_is_not_there(dana: Client, job: Generation) -> None:
    for name in ("x", job.project_id):
        assert dana.get(address(Generation, "change", name)).status_code == 302
    assert dana.post(images(job.project)).status_code == 404


def viewed() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(action=VIEWED).order_by("created_at")
    return list(rows.values_list("actor_id", "target"))


def opened(client: Client, job: Generation) -> str:
    """What stands behind the addresses of the pictures."""
    answer = client.post(images(job))
    assert answer.status_code == 302
    return answer["Location"].removeprefix(images(job))


def test_the_pictures_are_shown_once_it_is_written_down(dana: Client, job: Generation) -> None:
    me = str(User.objects.get(email="dana@example.org").pk)
    for closed in (dana.get(images(job)), dana.get(images(job) + "?pass=x")):
        assert closed["Location"] == address(Generation, "change", job.pk)
    assert dana.get(images(job, "/photo")).status_code == 403 and viewed() == []
    key = opened(dana, job)
    assert viewed() == [(me, str(job.pk))]
    html = dana.get(images(job) + key).content.decode()
    for name in ("/photo", "/mask", "/0"):
        assert images(job, name) + key in html
        answer = dana.get(images(job, name) + key)
        assert answer.status_code == 200 and answer["Content-Type"].startswith("image/")
        assert "no-store" in answer["Cache-Control"]
        assert len(b"".join(answer.streaming_content)) > 100
    assert dana.get(images(job, "/9") + key).status_code == 404
    assert inline(html) == [] and len(viewed()) == 1
    opened(dana, job)
    assert len(viewed()) == 2 and "Dana of support looked at its pictures." in page(dana, job)


def test_a_pass_is_for_one_person_one_generation_and_a_while(
    dana: Client, alice: Cast, job: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = opened(dana, job)
    other = staff("view_generation", "view_picture")
    assert other.get(images(job, "/photo") + key).status_code == 403
    assert other.get(images(job) + key).status_code == 302
    second = succeeded_generation(alice, "upstream-2")
    assert dana.get(images(second, "/photo") + key).status_code == 403
    assert signing.loads(parse_qs(urlsplit(key).query)["pass"][0], salt=SALT)[1] == str(job.pk)
    monkeypatch.setattr("django.core.signing.time.time", lambda: 2**31 + LOOK_S)
    assert dana.get(images(job, "/photo") + key).status_code == 403


def test_only_whoever_may_see_pictures_is_offered_them(alice: Cast, job: Generation) -> None:
    reader = staff("view_generation")
    assert "Show the pictures" not in page(reader, job)
    for answer in (
        reader.post(images(job)),
        reader.get(images(job)),
        reader.get(images(job, "/0")),
    ):
        assert answer.status_code == 403
    assert signed_in(alice.owner).post(images(job)).status_code == 302
    assert viewed() == []
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("dora@example.org", "x"))
    assert strict.post(images(job)).status_code == 403 and viewed() == []


def test_what_was_erased_has_no_pictures(dana: Client, job: Generation) -> None:
    Picture.objects.filter(generation=job).delete()
    Generation.objects.filter(pk=job.pk).update(photo=None, mask=None, erased_at=job.ended_at)
    key = opened(dana, again(job))
    assert "There is none, or it was erased." in dana.get(images(job) + key).content.decode()
    assert dana.get(images(job, "/photo") + key).status_code == 404
    assert "deleted" in page(dana, job) or "supprim" in page(dana, job)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_an_address_that_was_open_leads_nowhere_once_it_is_erased(
    dana: Client, job: Generation
) -> None:
    key = opened(dana, job)
    names = ("/photo", "/mask", "/0")
    assert all(dana.get(images(job, name) + key).status_code == 200 for name in names)
    default_storage.delete(str(job.pictures.get().file.name))
    assert dana.get(images(job, "/0") + key).status_code == 404, "the row is there, its file is not"
    assert erasure.erase_project(job.project)
    for name in names:
        assert dana.get(images(job, name) + key).status_code == 404, name
    assert "There is none, or it was erased." in dana.get(images(job) + key).content.decode()
