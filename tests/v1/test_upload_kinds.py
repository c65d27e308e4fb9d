"""Which files `POST uploads` takes, and what is left of them when they are kept."""

import hashlib
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from projects.models import Upload
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.v1.api import live

pytestmark = pytest.mark.django_db
ORIENTATION, ARTIST, TURNED_RIGHT = 0x0112, 0x013B, 6


def encoded(picture: bytes, kind: str, **options: Any) -> bytes:
    image, out = Image.open(BytesIO(picture)), BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(out, quality=-1)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
@pytest.mark.parametrize(("what", "made"), [("photo", photo_bytes), ("mask", mask_bytes)])
def test_four_kinds_are_taken_as_photo_and_as_mask(
    alice: Cast, kind: str, what: str, made: Any
) -> None:
    status, answer = live(alice).upload(encoded(made(), kind), kind=what)
    assert (status, answer["kind"], answer["width"], answer["height"]) == (201, what, *SIZE)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_no_other_kind_is(alice: Cast, kind: str) -> None:
    status, answer = live(alice).upload(encoded(photo_bytes(), kind))
    assert (status, answer["code"]) == (400, "image_not_decodable")
    assert not Upload.objects.exists()


def test_sha256_and_size_are_those_of_the_kept_file(alice: Cast) -> None:
    _status, answer = live(alice).upload(photo_bytes(kind="PNG"))
    with Upload.objects.get(pk=answer["id"]).file.open() as kept:
        data = kept.read()
    assert (answer["sha256"], answer["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_exif_turns_the_picture_and_is_not_kept(alice: Cast) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = TURNED_RIGHT, "the client's name"
    for what, made in (("photo", photo_bytes), ("mask", mask_bytes)):
        _status, answer = live(alice).upload(encoded(made(), "JPEG", exif=exif), kind=what)
        assert (answer["width"], answer["height"]) == SIZE[::-1]
        with Upload.objects.get(pk=answer["id"]).file.open() as kept:
            data = kept.read()
        assert not Image.open(BytesIO(data)).getexif() and b"client's name" not in data
