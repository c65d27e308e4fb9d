"""Files of agencies' software: judged at once, and kept as we make them."""

import pytest
from django.test import Client

from projects.models import Upload
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.v1.api import live

pytestmark = pytest.mark.django_db


def test_a_photo(alice: Cast) -> None:
    status, made = live(alice).upload(photo_bytes(kind="PNG"))
    assert (status, made["kind"], made["width"], made["height"]) == (201, "photo", *SIZE)
    stored = Upload.objects.get(pk=made["id"])
    with stored.file.open() as file:
        assert file.read(2) == b"\xff\xd8", "a JPEG of our own"
    assert made["sha256"] == stored.sha256 and made["size"] == stored.size
    assert live(alice).get(f"uploads/{made['id']}") == (200, made)


def test_a_mask_as_large_as_it_comes(alice: Cast) -> None:
    status, made = live(alice).upload(mask_bytes(size=(640, 480)), kind="mask")
    assert (status, made["kind"], made["width"], made["height"]) == (201, "mask", 640, 480)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "image_empty"),
        (b"no picture", 400, "image_not_decodable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "image_not_decodable"),
        (photo_bytes()[:200], 400, "image_not_decodable"),
        (photo_bytes(size=(40, 40)), 400, "image_too_small"),
    ],
    ids=["empty", "text", "svg", "cut", "small"],
)
def test_what_is_no_photo(alice: Cast, data: bytes, status: int, code: str) -> None:
    found, answer = live(alice).upload(data)
    assert (found, answer["code"], answer["field"]) == (status, code, "file")
    assert not Upload.objects.exists()


def test_without_a_file_or_of_another_kind(alice: Cast) -> None:
    status, answer = live(alice).upload(photo_bytes(), kind="video")
    assert (status, answer["field"]) == (400, "kind")
    answer = live(alice).client.post("/api/v1/uploads", {"kind": "photo"})
    assert (answer.status_code, answer.json()["field"]) == (400, "file")


def test_json_is_no_form(alice: Cast) -> None:
    status, answer = live(alice).post("uploads", {"file": "x"})
    assert (status, answer["code"]) == (415, "unsupported_media_type")


def test_somebody_elses_is_none(alice: Cast, charlie: Cast) -> None:
    assert live(alice).get(f"uploads/{live(charlie).photo()}")[0] == 404


def test_without_a_key(alice: Cast) -> None:
    assert Client().post("/api/v1/uploads", {}).status_code == 401
