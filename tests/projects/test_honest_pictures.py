"""Every picture that leaves says that it was made by AI: to machines always, to people in downloads
by default, and everywhere where the agency's policy wants it."""

import hashlib
import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import branding
from accounts.choices import Role
from accounts.models import Branding
from projects import links, sizes
from projects.models import Generation, Picture
from tests.accounts.test_branding import member
from tests.conftest import Cast, photo_bytes
from tests.doors.test_disclosure import says_so
from tests.garden import succeeded_generation
from tests.projects.test_media import PRIVATE, body
from tests.projects.test_sizes import changed_job

pytestmark = pytest.mark.django_db
CORNER = (150, 26)  # of a picture of 320 x 240 pixels: where its label is


@pytest.fixture
def job(alice: Cast) -> Generation:
    """Its picture was pasted into its photo, so that it has all addresses that there are."""
    made = changed_job(alice)
    picture = made.pictures.get()
    name = default_storage.save("pictures/restored.png", io.BytesIO(photo_bytes(kind="PNG")))
    Picture.objects.filter(pk=picture.pk).update(restored=name)
    return made


def shown_at(job: Generation) -> Iterator[str]:
    """What pages show of a picture."""
    picture = job.pictures.get()
    for name in ("picture", "thumbnail", "as_it_came", "changes"):
        yield reverse(f"media:{name}", args=[picture.pk])
    for kind in sizes.KINDS:
        yield reverse("media:picture_size", args=[picture.pk, 480, kind])


def downloaded_at(job: Generation) -> Iterator[str]:
    for form in ("jpeg", "png"):
        yield reverse("projects:download", args=[job.project_id, job.pk, form])
    yield reverse("projects:before_and_after", args=[job.project_id, job.pk])
    yield reverse("projects:everything", args=[job.project_id])


def without(job: Generation) -> list[str]:
    return [f"{url}?mention=non" for url in list(downloaded_at(job))[:2]]


def pictures(client: Client, url: str, language: str = "fr") -> list[bytes]:
    """The pictures at an address; of a zip those that are in it, without the photo."""
    answer = client.get(url, headers={"accept-language": language})
    assert answer.status_code == 200, url
    data = body(answer)
    if answer["Content-Type"] != "application/zip":
        return [data]
    with ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if "photo" not in name]


def is_labelled(data: bytes) -> bool:
    """White letters on a dark pill, where the lawn is."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    box = (width - CORNER[0], height - CORNER[1], width - 8, height - 8)
    low, high = image.crop(box).convert("L").getextrema()
    return high > 215 and low < 75  # type: ignore[operator]


def everything(client: Client, urls: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    return ((url, data) for url in urls for data in pictures(client, url))


def test_machines_are_told_by_every_file(job: Generation, alice_client: Client) -> None:
    found = dict(everything(alice_client, addresses(job)))
    told = dict(zip(found, says_so(*found.values()), strict=True))
    assert told == dict.fromkeys(addresses(job), True)


def test_a_photo_says_nothing_of_the_kind(job: Generation, alice_client: Client) -> None:
    photo = job.photo
    assert photo
    whole = ZipFile(io.BytesIO(body(alice_client.get(list(downloaded_at(job))[-1]))))
    files = [
        body(alice_client.get(reverse("media:upload", args=[photo.pk]))),
        body(alice_client.get(reverse("media:photo_size", args=[photo.pk, 480, "webp"]))),
        whole.read("jardin-martin-photo.jpg"),
    ]
    assert not any(says_so(*files)) and not any(map(is_labelled, files))


def test_the_api_gives_what_was_made_byte_for_byte(job: Generation, client: Client) -> None:
    """Its sha256 was promised (docs/api.md), whatever the policy."""
    Branding.objects.update_or_create(agency=job.agency, defaults={"always_labelled": True})
    picture = job.pictures.get()
    given = body(client.get(links.result_url(picture)))
    assert hashlib.sha256(given).hexdigest() == picture.sha256


def test_people_are_told_in_downloads_and_pages_show_the_picture(
    job: Generation, alice_client: Client
) -> None:
    for url, data in everything(alice_client, downloaded_at(job)):
        assert is_labelled(data), url
    for url in shown_at(job):
        answer = alice_client.get(url)
        assert not is_labelled(body(answer)) and answer["Cache-Control"] == PRIVATE, url


def test_it_is_in_the_language_of_who_reads_it(job: Generation, alice_client: Client) -> None:
    for url in downloaded_at(job):
        french, english = (pictures(alice_client, url, each)[0] for each in ("fr", "en"))
        assert french != english, url


def test_who_may_goes_without(job: Generation, alice: Cast, alice_client: Client) -> None:
    clients = [alice_client, member(alice, Role.MANAGER), member(alice, Role.MEMBER)]
    for client in clients:
        for url in without(job):
            answer = client.get(url)
            assert "sans-mention" in answer["Content-Disposition"]
            assert not is_labelled(body(answer))
    page = alice_client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    assert all(url in page for url in without(job))
    assert is_labelled(pictures(alice_client, without(job)[0].replace("non", "oui"))[0])


def addresses(job: Generation) -> Iterator[str]:
    yield from shown_at(job)
    yield from downloaded_at(job)
    yield from without(job)
    yield from (f"{url}?mention=non" for url in list(downloaded_at(job))[2:])


def test_an_integrator_gets_none_at_all(job: Generation, alice: Cast) -> None:
    client = member(alice, Role.INTEGRATOR)
    assert {client.get(url).status_code for url in addresses(job)} == {403}


def test_a_weaker_role_gets_none_without(job: Generation, alice: Cast) -> None:
    client = member(alice, Role.VIEWER)
    for url, data in everything(client, addresses(job)):
        assert is_labelled(data), url
    page = client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    assert "mention=non" not in page


def test_by_the_policy_nobody_does(job: Generation, alice: Cast, alice_client: Client) -> None:
    """By whatever address, also of a size that was kept before; and the browser asks again soon."""
    for url in shown_at(job):
        body(alice_client.get(url))
    assert branding.set_always_labelled(member=alice.owner, on=True)
    for client in (alice_client, member(alice, Role.MANAGER), member(alice, Role.MEMBER)):
        for url, data in everything(client, addresses(job)):
            assert is_labelled(data), url
        for url in shown_at(job):
            assert client.get(url)["Cache-Control"] == "private, max-age=3600"
        page = client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
        assert "mention=non" not in page and "mention-always" in page
    assert branding.set_always_labelled(member=alice.owner, on=False)
    assert not is_labelled(pictures(alice_client, next(shown_at(job)))[0])


def test_of_another_agency_the_policy_says_nothing(
    alice: Cast, charlie: Cast, charlie_client: Client
) -> None:
    branding.set_always_labelled(member=alice.owner, on=True)
    his = succeeded_generation(charlie)
    assert not is_labelled(pictures(charlie_client, without(his)[0])[0])


def test_labelled_sizes_are_kept_and_erased_with_the_others(
    job: Generation, alice: Cast, alice_client: Client
) -> None:
    picture = job.pictures.get()
    url = reverse("media:picture_size", args=[picture.pk, 480, "webp"])
    bare = pictures(alice_client, url)[0]
    branding.set_always_labelled(member=alice.owner, on=True)
    for language in ("fr", "en"):
        assert pictures(alice_client, url, language)[0] != bare
    sizes.preview(picture)
    kept = [name for name in sizes.names_of([picture]) if default_storage.exists(name)]
    assert sorted(name.split(picture.pk.hex)[1] for name in kept) == [
        "-1200-ai.og", "-480-ai-en.webp", "-480-ai-fr.webp", "-480-ai.webp",
    ]  # fmt: skip
    assert set(sizes.owners(kept).values()) == {(Picture, picture.pk)}


def test_the_original_stands_beside_it(job: Generation, alice_client: Client) -> None:
    """On one sheet, and in one folder."""
    sheet = pictures(alice_client, list(downloaded_at(job))[2])[0]
    width, height = Image.open(io.BytesIO(sheet)).size
    assert height == 240 and width > 640
    with ZipFile(io.BytesIO(body(alice_client.get(list(downloaded_at(job))[3])))) as archive:
        assert "jardin-martin-photo.jpg" in archive.namelist()
