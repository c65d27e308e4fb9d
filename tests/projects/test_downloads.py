"""What people take home: pictures in their full size, before and after, all of it at once."""

import io
import re
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Agency
from projects import downloads
from projects.models import Generation, Picture, Project
from tests.conftest import Cast, photo_bytes
from tests.garden import queued_generation, succeeded_generation
from tests.projects.test_media import body, same_pixels

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(alice: Cast) -> Generation:
    return succeeded_generation(alice)


def get(
    client: Client, name: str, job: Generation, *more: str, language: str = "fr", query: str = ""
) -> Any:
    arguments = [job.project_id] if name == "everything" else [job.project_id, job.pk, *more]
    url = reverse(f"projects:{name}", args=arguments) + query
    return client.get(url, headers={"accept-language": language})


def file_name(answer: Any) -> str:
    found = re.fullmatch(r'attachment; filename="([^"]+)"', answer["Content-Disposition"])
    assert found and answer["Cache-Control"] == "private, no-store"
    return found[1]


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        ("jpeg", "JPEG", "jardin-martin-terrasse-1.jpg"),
        ("png", "PNG", "jardin-martin-terrasse-1.png"),
    ],
)
def test_the_picture_in_its_full_size(
    form: str, kind: str, name: str, job: Generation, alice_client: Client
) -> None:
    answer = get(alice_client, "download", job, form)
    assert answer.status_code == 200 and file_name(answer) == name
    image = Image.open(io.BytesIO(body(answer)))
    assert (image.format, image.size) == (kind, (320, 240))
    assert answer["Content-Type"] == f"image/{form}"


def test_what_has_that_format_already_is_not_made_again(
    job: Generation, alice_client: Client
) -> None:
    data = body(get(alice_client, "download", job, "png", query="?mention=non"))
    assert same_pixels(data, photo_bytes(kind="PNG"))


def test_names_in_english(job: Generation, alice_client: Client) -> None:
    pair = get(alice_client, "before_and_after", job, language="en")
    assert file_name(pair) == "jardin-martin-terrace-1-before-after.jpg"


def test_a_project_without_a_name_that_a_file_can_have(
    job: Generation, alice_client: Client
) -> None:
    Project.objects.update(title="花園")
    assert file_name(get(alice_client, "download", job, "png")) == "parterre-terrasse-1.png"


def test_before_and_after_side_by_side(job: Generation, alice_client: Client) -> None:
    """The photo on the left, the picture on the right, white between."""
    blue = Image.new("RGB", (320, 240), "blue")
    picture = job.pictures.get()
    out = io.BytesIO()
    blue.save(out, "PNG")
    with default_storage.open(picture.file.name, "wb") as stored:
        stored.write(out.getvalue())
    answer = get(alice_client, "before_and_after", job)
    assert file_name(answer) == "jardin-martin-terrasse-1-avant-apres.jpg"
    pair = Image.open(io.BytesIO(body(answer))).convert("RGB")
    assert pair.format is None and pair.height == 240 and 640 < pair.width < 650
    assert near(pair, 160, 200, (90, 130, 60)) and near(pair, 640 - 160, 200, (0, 0, 254))
    assert near(pair, pair.width // 2, 200, (255, 255, 255))


def near(image: Image.Image, x: int, y: int, colour: tuple[int, int, int]) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 25 for a, b in zip(pixel, colour, strict=True))


def test_everything(alice: Cast, job: Generation, alice_client: Client) -> None:
    """The photo and each picture, as JPEG; what has no picture is not there."""
    failed = queued_generation(alice)
    Generation.objects.filter(pk=failed.pk).update(project=job.project)
    answer = get(alice_client, "everything", job)
    assert file_name(answer) == "jardin-martin.zip" and answer["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(body(answer))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["jardin-martin-photo.jpg", "jardin-martin-terrasse-1.jpg"]
        assert {Image.open(archive.open(name)).format for name in names} == {"JPEG"}


def test_a_large_zip_waits_on_the_disk() -> None:
    whole = downloads.zipped([("a", lambda: bytes(downloads.MAX_MEMORY + 1))])
    assert whole._rolled  # type: ignore[attr-defined]
    whole.close()


def test_of_what_is_not_ready_nothing(alice: Cast, alice_client: Client) -> None:
    job = queued_generation(alice)
    assert get(alice_client, "download", job, "png").status_code == 404
    assert get(alice_client, "before_and_after", job).status_code == 404


def test_no_other_form(job: Generation, alice_client: Client) -> None:
    for form in ("gif", "webp", "JPEG"):
        assert get(alice_client, "download", job, form).status_code == 404


def test_a_picture_of_another_project(alice: Cast, alice_client: Client) -> None:
    other, job = queued_generation(alice), succeeded_generation(alice)
    url = reverse("projects:download", args=[other.project_id, job.pk, "png"])
    assert alice_client.get(url).status_code == 404


def test_a_storage_that_fails(job: Generation, alice_client: Client, media: Any) -> None:
    path = media / job.pictures.get().file.name
    path.unlink()
    assert get(alice_client, "everything", job).status_code == 404
    path.mkdir()
    for name, more in (("download", ["jpeg"]), ("before_and_after", []), ("everything", [])):
        answer = get(alice_client, name, job, *more)
        assert answer.status_code == 503 and "Content-Disposition" not in answer


def test_the_page_has_them_all(job: Generation, alice_client: Client) -> None:
    page = alice_client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    for path in ("telecharger/jpeg", "telecharger/png", "avant-apres"):
        assert f"/images/{job.pk}/{path}" in page
    assert reverse("projects:everything", args=[job.project_id]) in page
    assert reverse("media:as_it_came", args=[job.pictures.get().pk]) not in page


def test_with_the_photo_pasted_back(alice: Cast, alice_client: Client) -> None:
    Agency.objects.update(restore_outside=True)
    job = succeeded_generation(alice)
    picture = Picture.objects.get()
    with default_storage.open(picture.restored.name) as stored:
        restored = stored.read()
    data = body(get(alice_client, "download", job, "png", query="?mention=non"))
    assert same_pixels(data, restored)
    page = alice_client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    came = reverse("media:as_it_came", args=[picture.pk])
    assert came in page and same_pixels(body(alice_client.get(came)), photo_bytes(kind="PNG"))
