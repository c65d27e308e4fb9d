"""What a person takes home of themselves, and an owner of their agency: docs/privacy.md."""

from collections.abc import Iterable, Iterator
from functools import partial

from accounts.branding import branding_of, logo_bytes
from accounts.models import Agency, User
from integrations.doors.disclosure import disclosed
from projects.models import Picture, Upload
from projects.privacy import json_lines
from projects.privacy.selectors import agency as of_agency
from projects.privacy.selectors import person
from projects.privacy.zip_stream import Entry, zipped
from projects.stored import read

FOLDERS = {"photo": "photos", "mask": "masks"}


def json_of(user: User) -> Iterator[str]:
    return json_lines.written(person.sections_of(user))


def zip_of(agency: Agency) -> Iterator[bytes]:
    """`data.json` first; the files have the ids that stand in it."""
    return zipped(_entries(agency))


def _entries(agency: Agency) -> Iterator[Entry]:
    yield "data.json", partial(_data, agency)
    if logo := logo_bytes(branding_of(agency)):
        yield "logo.png", partial(_one, logo)
    for upload in of_agency.uploads_of(agency):
        end = upload.file_name.rpartition(".")[2]
        yield f"{FOLDERS[upload.kind]}/{upload.pk}.{end}", partial(_upload, upload)
    for picture in of_agency.pictures_of(agency):
        yield from _pictures(picture)


def _pictures(row: Picture) -> Iterator[Entry]:
    """As it came; and with the photo pasted back outside the zone, where there is that one."""
    yield f"pictures/{row.pk}.{row.extension}", partial(_picture, row, "file")
    if row.restored:
        yield f"pictures/{row.pk}-restored.{row.extension}", partial(_picture, row, "restored")


def _data(agency: Agency) -> Iterable[bytes]:
    return (text.encode() for text in json_lines.written(of_agency.sections_of(agency)))


def _upload(row: Upload) -> Iterable[bytes]:
    return [read(row.file)]


def _picture(row: Picture, field: str) -> Iterable[bytes]:
    """It says to machines what it is, like every picture that leaves."""
    return [disclosed(read(getattr(row, field)))]


def _one(data: bytes) -> Iterable[bytes]:
    return [data]
