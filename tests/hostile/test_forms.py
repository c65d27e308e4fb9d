"""Forms that no browser sends: names of files, words about them, and multipart that is none."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from projects.models import Upload
from tests.conftest import Cast, photo_bytes

pytestmark = pytest.mark.django_db
EDGE = "parterre"
NAMES = {
    "path": "../../../../etc/passwd",
    "windows_path": "..\\..\\windows\\system32\\drivers\\etc\\hosts",
    "absolute": "/etc/cron.d/garden",
    "percent": "%2e%2e%2f%2e%2e%2fgarden.jpg",
    "nul": "garden.php\0.jpg",
    "right_to_left": "garden\u202egpj.exe",
    "ten_thousand_letters": "g" * 10_000 + ".jpg",
    "program": "garden.php",
    "htaccess": ".htaccess",
    "dots": "..",
    "shell": "$(touch garden);`id`|.jpg",
    "line_end": "garden.jpg%0d%0aSet-Cookie: a=b",
    "device": "CON",
    "half_character": "garden\udce9.jpg",
}
TYPES = ["text/html", "image/svg+xml", "application/x-php", "image/jpeg; charset=utf-7", "x" * 500]


def part(headers: bytes, body: bytes) -> bytes:
    return b"--" + EDGE.encode() + b"\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"


def file_part(name: bytes = b"garden.jpg", kind: bytes = b"image/jpeg") -> bytes:
    told = b'Content-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: %s'
    return part(told % (name, kind), photo_bytes())


END = b"--" + EDGE.encode() + b"--\r\n"
DISPOSITION = b"Content-Disposition: form-data; "
FILE = DISPOSITION + b'name="file"; filename="a.jpg'
BROKEN = {
    "no_parts": END,
    "no_end": file_part()[:300],
    "other_edge": file_part().replace(EDGE.encode(), b"another") + END,
    "nothing": b"",
    "noise": b"\x8f\x01\xd9" * 500,
    "no_headers": part(b"", photo_bytes()) + END,
    "no_name": part(DISPOSITION + b'filename="a.jpg"', photo_bytes()) + END,
    "another_name": part(DISPOSITION + b'name="picture"; filename="a.jpg"', photo_bytes()) + END,
    "no_file_but_text": part(DISPOSITION + b'name="file"', photo_bytes()) + END,
    "text_of_megabytes": part(DISPOSITION + b'name="file"', b"a" * 3 * 2**20) + END,
    "false_base64": part(FILE + b'"\r\nContent-Transfer-Encoding: base64', b"\xff!") + END,
    "two_files": file_part() * 2 + END,
    "thousand_fields": part(DISPOSITION + b'name="a"', b"b") * 2000 + file_part() + END,
    "long_header": part(FILE + b'"; x="' + b"x" * 2**17 + b'"', b"") + END,
    "unknown_field": part(DISPOSITION + b'name="colour"', b"blue") + file_part() + END,
    "kind_is_a_file": part(FILE.replace(b"file", b"kind", 1) + b'"', b"photo") + file_part() + END,
}  # fmt: skip
CONTENT_TYPES = {
    "no_boundary": "multipart/form-data",
    "empty_boundary": "multipart/form-data; boundary=",
    "long_boundary": "multipart/form-data; boundary=" + "b" * 5000,
    "odd_boundary": 'multipart/form-data; boundary="a\u00e9\u4e00"',
    "mixed": f"multipart/mixed; boundary={EDGE}",
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "none": "",
}


@pytest.fixture
def sender(alice: Cast) -> Iterator[Client]:
    yield Client(headers={"authorization": f"Bearer {alice.api_key}"})


def send(sender: Client, body: bytes, kind: str = f"multipart/form-data; boundary={EDGE}") -> Any:
    return sender.post("/api/v1/uploads", body, content_type=kind)


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_the_name_of_a_file_is_nobodys_path(sender: Client, media: Any, name: str) -> None:
    answer = send(sender, file_part(name.encode(errors="surrogateescape")) + END)
    assert_kept_or_refused(answer)
    kept = [path for path in media.rglob("*") if path.is_file()]
    told = [upload.file.name for upload in Upload.objects.all()]
    assert sorted(str(path.relative_to(media)) for path in kept) == sorted(told)
    assert all(path.name.endswith("-photo.jpg") for path in kept)


@pytest.mark.parametrize("kind", TYPES, ids=range(len(TYPES)))
def test_the_type_of_a_file_is_not_believed(sender: Client, kind: str) -> None:
    answer = send(sender, file_part(kind=kind.encode()) + END)
    assert answer.status_code == 201 and Upload.objects.get().file.name.endswith("-photo.jpg")


@pytest.mark.parametrize("body", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_form(sender: Client, body: bytes) -> None:
    assert_kept_or_refused(send(sender, body))


@pytest.mark.parametrize("kind", CONTENT_TYPES.values(), ids=list(CONTENT_TYPES))
def test_a_form_of_another_type(sender: Client, kind: str) -> None:
    answer = send(sender, file_part() + END, kind)
    assert answer.status_code in (400, 415) and answer.json()["code"]


def assert_kept_or_refused(answer: Any) -> None:
    assert answer.status_code in (201, 400, 413, 415), answer.content
    if answer.status_code != 201:
        assert answer["Content-Type"] == "application/problem+json" and answer.json()["code"]
    assert Upload.objects.count() == (answer.status_code == 201)
