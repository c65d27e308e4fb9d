"""Photos and pictures in the sizes that browsers choose from, and where a picture changed."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image, features

from projects import lifecycle, sizes
from projects.models import Generation, Picture, Upload
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation, project_with_photo, succeeded_generation
from tests.projects.jobs import at_once
from tests.projects.test_media import body

pytestmark = pytest.mark.django_db
PRIVATE = "private, max-age=31536000, immutable"


class Full(FileSystemStorage):
    """Has room for nothing more."""

    def _save(self, name: str, content: Any) -> str:
        raise OSError(28, "No space left on device")


@pytest.fixture
def picture(alice: Cast) -> Picture:
    return succeeded_generation(alice).pictures.get()


@pytest.fixture
def large(picture: Picture) -> Picture:
    """With 2000 × 1500 pixels behind it."""
    with default_storage.open(picture.file.name, "wb") as stored:
        stored.write(photo_bytes((2000, 1500), "PNG"))
    Picture.objects.filter(pk=picture.pk).update(width=2000, height=1500)
    picture.refresh_from_db()
    return picture


def url(row: Picture | Upload, width: int, kind: str) -> str:
    name = "picture_size" if isinstance(row, Picture) else "photo_size"
    return reverse(f"media:{name}", args=[row.pk, width, kind])


def test_this_pillow_writes_avif() -> None:
    assert features.check("avif") and features.check("webp")


@pytest.mark.parametrize("kind", ["avif", "webp", "jpg"])
@pytest.mark.parametrize("width", [480, 828, 1600])
def test_each_size_in_each_format(
    kind: str, width: int, large: Picture, alice_client: Client
) -> None:
    answer = alice_client.get(url(large, width, kind))
    assert answer.status_code == 200 and answer["Cache-Control"] == PRIVATE
    assert answer["X-Content-Type-Options"] == "nosniff"
    data = body(answer)
    assert answer["Content-Length"] == str(len(data))
    image = Image.open(io.BytesIO(data))
    assert answer["Content-Type"] == f"image/{str(image.format).lower()}"
    assert image.size == (width, width * 3 // 4)
    assert body(alice_client.get(url(large, width, kind))) == data


def test_a_photo_too_and_never_larger_than_it_is(picture: Picture, alice_client: Client) -> None:
    photo = picture.generation.photo
    assert photo
    for width in sizes.WIDTHS:
        image = Image.open(io.BytesIO(body(alice_client.get(url(photo, width, "webp")))))
        assert image.size == (320, 240)


@pytest.mark.parametrize("ask", ["481.webp", "0.webp", "480.png", "480.jpeg", "480.", "4800.webp"])
def test_no_other_size(ask: str, picture: Picture, alice_client: Client, media: Path) -> None:
    answer = alice_client.get(f"/files/pictures/{picture.pk}/{ask}")
    assert answer.status_code == 404 and not (media / "sizes").exists()


def test_a_mask_has_no_sizes(picture: Picture, alice_client: Client) -> None:
    mask = picture.generation.mask
    assert mask and alice_client.get(url(mask, 480, "webp")).status_code == 404


def test_it_is_made_once(picture: Picture, alice_client: Client, monkeypatch: Any) -> None:
    data = body(alice_client.get(url(picture, 480, "webp")))
    monkeypatch.setattr(sizes, "reduced_picture", None)
    assert body(alice_client.get(url(picture, 480, "webp"))) == data


def test_half_a_file_is_never_shown(picture: Picture, alice_client: Client, media: Path) -> None:
    """Of a worker that is still writing, or was killed."""
    data = body(alice_client.get(url(picture, 480, "jpg")))
    path = media / f"sizes/{picture.pk.hex}-480-ai.jpg"
    whole = path.read_bytes()
    for half in (b"", whole[:20], whole[:-1]):
        path.write_bytes(half)
        assert body(alice_client.get(url(picture, 480, "jpg"))) == data
        assert path.read_bytes() == whole


def test_two_at_once_leave_one(picture: Picture, media: Path) -> None:
    """Another one was faster while this one was made."""
    data = sizes.sized(picture, 480, "webp")
    name = f"sizes/{picture.pk.hex}-480-ai.webp"
    whole = (media / name).read_bytes()
    at_once(*[lambda: sizes._keep(name, data)] * 4)
    left = [path.name for path in (media / "sizes").iterdir()]
    assert left == [f"{picture.pk.hex}-480-ai.webp"]
    assert sizes.sized(picture, 480, "webp") == data and (media / name).read_bytes() == whole


def test_a_storage_that_is_full_still_shows(
    picture: Picture, alice_client: Client, settings: Any, media: Path
) -> None:
    full = {"BACKEND": f"{__name__}.Full", "OPTIONS": {"location": media}}
    settings.STORAGES = {**settings.STORAGES, "default": full}
    assert alice_client.get(url(picture, 480, "webp")).status_code == 200
    assert not (media / "sizes").exists()


def test_what_is_gone_or_cannot_be_read(
    picture: Picture, alice_client: Client, media: Path
) -> None:
    path = media / picture.file.name
    path.unlink()
    assert alice_client.get(url(picture, 480, "webp")).status_code == 404
    path.mkdir()
    answer = alice_client.get(url(picture, 480, "webp"))
    assert answer.status_code == 503 and answer["Cache-Control"] == "no-store"


def test_the_page_offers_what_there_is(large: Picture, alice_client: Client) -> None:
    job = large.generation
    page = alice_client.get(reverse("projects:detail", args=[job.project_id])).content.decode()
    for kind in ("avif", "webp", "jpg"):
        offered = ", ".join(f"{url(large, w, kind)} {w}w" for w in (480, 828, 1600))
        assert f'srcset="{offered}"' in page
        assert f'srcset="{url(job.photo, 480, kind)} 320w"' in page, "no wider than it is"
    assert f'src="{url(large, 828, "jpg")}"' in page and 'width="2000" height="1500"' in page
    assert "data-before" in page and "data-after" in page
    grid = alice_client.get("/").content.decode()
    assert f"{url(large, 480, 'avif')} 480w" in grid


def test_the_first_cover_does_not_wait_for_the_others(alice: Cast, alice_client: Client) -> None:
    """What a phone shows first: the largest paint of the list."""
    for _ in range(3):
        project_with_photo(alice)
    images = re.findall(r"<img[^>]*>", alice_client.get("/").content.decode())
    first, *others = [image for image in images if "srcset" in image]
    assert 'fetchpriority="high"' in first and "lazy" not in first
    assert len(others) == 2 and all('loading="lazy"' in image for image in others)


# --- where it changed


def changed_job(cast: Cast) -> Generation:
    """A picture with a pane that nobody asked for."""
    job = processing_generation(cast)
    assert lifecycle.found_result(job, ["http://127.0.0.1/result.png"])
    job.refresh_from_db()
    image = Image.open(io.BytesIO(photo_bytes(kind="PNG")))
    image.paste("red", (0, 0, 80, 60))
    out = io.BytesIO()
    image.save(out, "PNG")
    keep(job, 0, out.getvalue())
    assert lifecycle.succeed(job)
    return job


def test_the_page_leads_to_where_it_changed(alice: Cast, alice_client: Client) -> None:
    job = changed_job(alice)
    see = reverse("media:changes", args=[job.pictures.get().pk])
    page = alice_client.get(reverse("projects:detail", args=[job.project_id]))
    assert see in page.content.decode()
    answer = alice_client.get(see)
    assert answer.status_code == 200 and answer["Cache-Control"] == PRIVATE
    shown = Image.open(io.BytesIO(body(answer))).convert("RGB")
    pixel = shown.getpixel((30, 20))
    assert isinstance(pixel, tuple) and pixel[0] > 200 and pixel[1] < 60


def test_nothing_changed_leads_nowhere(picture: Picture, alice_client: Client) -> None:
    page = alice_client.get(reverse("projects:detail", args=[picture.generation.project_id]))
    assert reverse("media:changes", args=[picture.pk]) not in page.content.decode()


def test_without_a_photo_there_is_nothing_to_show(alice: Cast, alice_client: Client) -> None:
    picture = changed_job(alice).pictures.get()
    Generation.objects.update(photo=None)
    assert alice_client.get(reverse("media:changes", args=[picture.pk])).status_code == 404
