"""An agency may have its photo pasted back outside the zone: on its pages, never at the API."""

import io
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Agency
from projects import links
from projects.choices import Status
from projects.models import Picture
from tests.conftest import Cast, photo_bytes
from tests.projects.test_archive import archived
from tests.projects.test_media import body

pytestmark = pytest.mark.django_db
CORNER = (20, 20)


def with_a_window() -> bytes:
    """Red where nothing was asked for."""
    image = Image.open(io.BytesIO(photo_bytes(kind="PNG")))
    image.paste("red", (0, 0, 80, 60))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def is_red(data: bytes) -> bool:
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel(CORNER)
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and pixel[1] < 80


class FullForTheRestored(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        if "restored" in name:
            raise OSError(28, "No space left on device")
        return super()._save(name, content)


def made(alice: Cast) -> Picture:
    job, _requests = archived(alice, {"/1": with_a_window()})
    assert job.status == Status.SUCCEEDED and job.charged == 1
    picture: Picture = job.pictures.get()
    return picture


def test_as_it_came_unless_the_agency_wants_it(alice: Cast) -> None:
    picture = made(alice)
    assert not picture.restored and is_red(picture.shown.read())


def test_pages_show_the_photo_outside_the_zone(alice: Cast, alice_client: Client) -> None:
    Agency.objects.update(restore_outside=True)
    picture = made(alice)
    assert picture.outside_changed and picture.outside_changed > 0.03, "what iacrea changed is told"
    urls = [
        reverse("media:picture", args=[picture.pk]),
        reverse("media:thumbnail", args=[picture.pk]),
        reverse("media:picture_size", args=[picture.pk, 480, "webp"]),
    ]
    for url in urls:
        assert not is_red(body(alice_client.get(url))), url
    page = alice_client.get(reverse("projects:detail", args=[picture.generation.project_id]))
    assert reverse("media:changes", args=[picture.pk]) in page.content.decode()


def test_the_api_gives_what_iacrea_made(alice: Cast, client: Client) -> None:
    Agency.objects.update(restore_outside=True)
    picture = made(alice)
    assert body(client.get(links.result_url(picture))) == with_a_window()


def test_a_failure_holds_nothing_up(alice: Cast, monkeypatch: Any, caplog: Any) -> None:
    def fail(*_files: bytes) -> bytes:
        raise ValueError("a decoder that stumbles")

    Agency.objects.update(restore_outside=True)
    monkeypatch.setattr("projects.comparison.restored", fail)
    picture = made(alice)
    assert not picture.restored and is_red(picture.shown.read())
    assert "was not restored" in caplog.text


def test_nor_does_a_storage_without_room(alice: Cast, settings: Any, media: Any) -> None:
    Agency.objects.update(restore_outside=True)
    full = {"BACKEND": f"{__name__}.FullForTheRestored", "OPTIONS": {"location": media}}
    settings.STORAGES = {**settings.STORAGES, "default": full}
    picture = made(alice)
    assert not picture.restored and picture.file.read() == with_a_window()
