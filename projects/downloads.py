"""Pictures as people take them home: a JPEG, a PNG, beside the photo, or all of them at once."""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from django.db.models.fields.files import FieldFile

from integrations.doors import derived
from projects.models import Picture
from projects.stored import read

# Of a zip, what memory holds; what is larger waits on the disk.
MAX_MEMORY = 8 * 2**20
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# Named in addresses.
EXTENSIONS = {"jpeg": "jpg", "png": "png"}


def picture_as(picture: Picture, kind: str, label: str = "") -> bytes:
    """In its full size. `kind` is one of EXTENSIONS; `label` is drawn on it."""
    return derived.converted(read(picture.shown), kind.upper(), label)


def whole(picture: Picture, stored: FieldFile, label: str = "") -> bytes:
    """One of the picture's files, in its full size and its own format."""
    return derived.converted(read(stored), FORMATS[picture.content_type], label)


def small(picture: Picture, label: str = "") -> bytes:
    """Its thumbnail, a JPEG."""
    return derived.converted(read(picture.thumbnail), "JPEG", label)


def before_and_after(picture: Picture, labels: tuple[str, str], label: str) -> bytes:
    """A JPEG. FileNotFoundError when the photo is gone."""
    photo = picture.generation.photo
    if not photo:
        raise FileNotFoundError("there is no photo to put beside it")
    return derived.side_by_side(read(photo.file), read(picture.shown), labels, label)


def zipped(entries: Iterable[tuple[str, Callable[[], bytes]]]) -> IO[bytes]:
    """Names and what gives their bytes, one at a time; open, at its beginning."""
    # JPEGs do not get smaller.
    whole = SpooledTemporaryFile(max_size=MAX_MEMORY)  # noqa: SIM115  # the answer closes it
    with ZipFile(whole, "w", ZIP_STORED) as archive:
        for name, give in entries:
            archive.writestr(name, give())
    whole.seek(0)
    return whole
