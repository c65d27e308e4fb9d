"""Photos and pictures in the sizes that browsers choose from: made when somebody first asks for
one, or as soon as a picture is there for which an open page waits; kept under a name that tells
whose it is, so that erasures and the sweep find it."""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from integrations.doors.derived import FOR_BROWSERS, for_messengers, reduced, reduced_picture
from projects import labels
from projects.models import Picture, Upload
from projects.stored import read

logger = logging.getLogger(__name__)
FOLDER = "sizes/"
WIDTHS = (480, 828, 1600)
# In the order in which a browser should take the first that it knows.
KINDS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# Not one of the sizes that a page may ask for.
PREVIEW = (1200, "og")
# Photos have none; pictures are marked by machines' metadata, and perhaps by a label in a language.
MARKS: dict[type[Picture] | type[Upload], list[str]] = {
    Upload: [""],
    Picture: ["-ai", *(f"-ai-{code}" for code, _name in settings.LANGUAGES)],
}
NAME = re.compile(rf"{FOLDER}([0-9a-f]{{32}})-(\d+)(-ai)?(-\w+)?\.(\w+)")
DIGEST = hashlib.sha256().digest_size
# A new list of projects asks for dozens at once, and each decodes a whole picture.
_AT_ONCE = threading.BoundedSemaphore(2)


def sized(row: Picture | Upload, width: int, kind: str, label: str = "") -> bytes:
    """Of the WIDTHS and KINDS; `label`, of projects/labels.py, is drawn on a picture. OSError and
    FileNotFoundError are the storage's."""
    name = _name(row.pk, width, _mark(row, label), kind)
    return _once(name, partial(_made, row, width, kind, label))


def make(picture: Picture) -> None:
    """All that a page asks for in the first of KINDS, the widest first: what a screen shows is
    seldom the smallest. Errors as above."""
    for width, _is in reversed(widths_of(picture)):
        sized(picture, width, next(iter(KINDS)))


def preview(picture: Picture) -> bytes:
    """As messengers show a link to it: a JPEG. Errors as above."""
    name = _name(picture.pk, PREVIEW[0], _mark(picture, ""), PREVIEW[1])
    return _once(name, lambda: for_messengers(read(picture.shown)))


def _once(name: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under this name, or else is made now."""
    kept = _kept(name)
    if kept is not None:
        return kept
    with _AT_ONCE:
        data = make()
    _keep(name, data)
    return data


def _made(row: Picture | Upload, width: int, kind: str, label: str) -> bytes:
    if isinstance(row, Picture):
        return reduced_picture(read(row.shown), width, kind, label)
    return reduced(read(row.file), width, kind)


def _mark(row: Picture | Upload, label: str) -> str:
    if isinstance(row, Picture):
        return f"-ai-{labels.language()}" if label else "-ai"
    return ""


def widths_of(row: Picture | Upload) -> list[tuple[int, int]]:
    """To ask for, and as wide as it then is: none is larger than the picture."""
    smaller = sum(1 for width in WIDTHS if width < row.width)
    return [(width, min(width, row.width)) for width in WIDTHS[: smaller + 1]]


def names_of(rows: Iterable[Picture | Upload]) -> list[str]:
    """All that may be kept of these rows; most of it was perhaps never made."""
    return [name for row in rows for name in _names(type(row), row.pk)]


def owners(names: Iterable[str]) -> dict[str, tuple[type[Picture] | type[Upload], UUID]]:
    """Whose each is; what is no name of a size, such as one of a width that there was once, has
    no owner."""
    found = {name: _owner(match) for name in names if (match := NAME.fullmatch(name))}
    return {name: owner for name, owner in found.items() if name in _names(*owner)}


def _owner(match: re.Match[str]) -> tuple[type[Picture] | type[Upload], UUID]:
    return (Picture if match[3] else Upload), UUID(match[1])


def _names(model: type[Picture] | type[Upload], pk: UUID) -> list[str]:
    asked = product(WIDTHS, MARKS[model], FOR_BROWSERS)
    names = [_name(pk, width, mark, kind) for width, mark, kind in asked]
    return names + ([_name(pk, PREVIEW[0], "-ai", PREVIEW[1])] if model is Picture else [])


def _name(pk: UUID, width: int, mark: str, kind: str) -> str:
    return f"{FOLDER}{pk.hex}-{width}{mark}.{kind}"


def _kept(name: str) -> bytes | None:
    """Behind it stands its digest: of a worker that is still writing, or was killed, there may be
    half a file, which browsers would show for a year."""
    try:
        with default_storage.open(name) as stored:
            whole: bytes = stored.read()
    except FileNotFoundError:
        return None
    data, digest = whole[:-DIGEST], whole[-DIGEST:]
    return data if hashlib.sha256(data).digest() == digest else None


def _keep(name: str, data: bytes) -> None:
    """Of two that made it at once each keeps the same. A storage that is full keeps none, and the
    picture is shown all the same."""
    try:
        default_storage.delete(name)
        saved = default_storage.save(name, ContentFile(data + hashlib.sha256(data).digest()))
        if saved != name:
            default_storage.delete(saved)
    except OSError:
        logger.exception("%s is not kept", name)
