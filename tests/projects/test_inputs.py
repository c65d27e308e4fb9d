"""A job's photo and mask given by URL: fetched once, judged, and kept or refused."""

import struct
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from projects import tasks
from projects.choices import Status
from projects.models import Generation, Upload
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.projects.jobs import again, balances, ended_as, given_by_url, nothing_stored
from tests.servers import Reply, Request, Server, serving

pytestmark = pytest.mark.django_db
PHOTO, MASK = "/photo.jpg", "/mask.png"


def prepared(cast: Cast, server: Server, size: tuple[int, int] = SIZE) -> Generation:
    job = given_by_url(cast, server.origin + PHOTO, server.origin + MASK, size)
    tasks.prepare_inputs(str(job.pk))
    return again(job)


@cache
def bomb() -> bytes:
    """300 black megapixels in 170 kB: a PNG of one bit a pixel."""
    width, height = 20_000, 15_000
    rows = zlib.compress(bytes((width // 8 + 1) * height), 1)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def grey(size: tuple[int, int], value: int) -> bytes:
    out = BytesIO()
    Image.new("L", size, value).save(out, "PNG")
    return out.getvalue()


def elsewhere(url: str) -> Reply:
    return Reply(302, headers={"location": url})


@pytest.mark.parametrize(
    ("photo", "detail"),
    [
        (b"<html>not a picture</html>", "image_not_decodable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_not_decodable"),
        (b"", "image_empty"),
        (photo_bytes()[:1500], "image_not_decodable"),
        (bomb(), "image_too_large"),
        (bytes(41 * 2**20), "image_too_large"),
        (photo_bytes((32, 32)), "image_too_small"),
        (photo_bytes((320, 320)), "image_size_mismatch"),
        (Reply(404), "image_unreachable"),
        (Reply(204), "image_unreachable"),
        (Reply(500, photo_bytes()), "image_unreachable"),
        (Reply(reset=True), "image_unreachable"),
        (Reply(200, photo_bytes(), {"content-length": "999999"}), "image_unreachable"),
        (Reply(200, photo_bytes(), {"content-encoding": "gzip"}), "image_unreachable"),
        (elsewhere("http://10.0.0.1/photo.jpg"), "image_unreachable"),
        (elsewhere("http://169.254.169.254/latest/meta-data"), "image_unreachable"),
        (elsewhere("http://[::1]:80/photo.jpg"), "image_unreachable"),
        (elsewhere("file:///etc/passwd"), "image_unreachable"),
        (elsewhere(PHOTO), "image_unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_photo_that_cannot_be_used(
    alice: Cast, media: Path, photo: bytes | Reply, detail: str
) -> None:
    with serving({PHOTO: photo, MASK: mask_bytes()}) as server:
        job = prepared(alice, server)
    assert ended_as(job, "invalid_input", detail)
    assert balances(alice) == (10, 0, 0) and nothing_stored(media)
    assert MASK not in [request.path for request in server.requests]


@pytest.mark.parametrize(
    ("mask", "detail"),
    [
        (mask_bytes((320, 320)), "mask_size_mismatch"),
        (grey(SIZE, 0), "mask_empty"),
        (grey(SIZE, 127), "mask_empty"),
        (b"", "mask_not_decodable"),
        (b"not a picture", "mask_not_decodable"),
        (mask_bytes()[:200], "mask_not_decodable"),
        (bomb(), "mask_too_large"),
        (bytes(41 * 2**20), "mask_too_large"),
        (mask_bytes((32, 24)), "mask_too_small"),
        (Reply(404), "mask_unreachable"),
        (elsewhere("http://192.168.0.1/mask.png"), "mask_unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mask_that_cannot_be_used(
    alice: Cast, media: Path, mask: bytes | Reply, detail: str
) -> None:
    with serving({PHOTO: photo_bytes(), MASK: mask}) as server:
        job = prepared(alice, server)
    assert ended_as(job, "invalid_input", detail)
    assert balances(alice) == (10, 0, 0) and nothing_stored(media)


@pytest.mark.parametrize("slow", [Reply(hang=True), Reply(200, photo_bytes(), drip_s=0.05)])
@pytest.mark.parametrize(("path", "detail"), [(PHOTO, "image"), (MASK, "mask")])
def test_a_slow_server_is_cut(
    alice: Cast, media: Path, settings: Any, slow: Reply, path: str, detail: str
) -> None:
    settings.INPUT_FETCH_S = 0.4
    files: dict[str, bytes | Reply] = {PHOTO: photo_bytes(), MASK: mask_bytes(), path: slow}
    with serving(files) as server:
        job = prepared(alice, server)
    assert ended_as(job, "invalid_input", f"{detail}_unreachable") and nothing_stored(media)


def test_a_redirect_to_a_place_that_is_not_allowed(alice: Cast, media: Path, settings: Any) -> None:
    with serving({PHOTO: photo_bytes()}) as inside:
        outside = {PHOTO: elsewhere(inside.origin + PHOTO), MASK: mask_bytes()}
        with serving(dict(outside)) as server:
            settings.OUTBOUND_ALLOW = [server.origin]
            job = prepared(alice, server)
    assert ended_as(job, "invalid_input", "image_unreachable") and nothing_stored(media)
    assert inside.requests == []


@pytest.mark.parametrize("url", ["http://10.0.0.1/a.jpg", "http://127.0.0.1:1/a.jpg", "http://x/"])
def test_an_address_that_is_refused_or_dead(alice: Cast, media: Path, url: str) -> None:
    job = given_by_url(alice, url, url)
    tasks.prepare_inputs(str(job.pk))
    assert ended_as(job, "invalid_input", "image_unreachable") and nothing_stored(media)


def test_both_are_kept_and_the_project_gets_its_photo(alice: Cast) -> None:
    with serving({PHOTO: photo_bytes(), MASK: mask_bytes()}) as server:
        job = prepared(alice, server)
    assert job.status == Status.QUEUED and job.inputs_ready_at
    assert (job.photo.width, job.photo.height) == SIZE == (job.mask.width, job.mask.height)
    assert job.project.photo == job.photo
    assert [request.path for request in server.requests] == [PHOTO, MASK]
    assert {upload.agency for upload in Upload.objects.all()} == {alice.agency}
    assert balances(alice) == (9, 1, 0)


@pytest.mark.parametrize("told", [(320, 240), (640, 480), (321, 240), (322, 240)])
def test_the_file_wins_when_the_shape_agrees(alice: Cast, told: tuple[int, int]) -> None:
    with serving({PHOTO: photo_bytes(), MASK: mask_bytes()}) as server:
        job = prepared(alice, server, told)
    assert job.inputs_ready_at and (job.width, job.height) == SIZE


def test_an_allowed_redirect_is_followed(alice: Cast) -> None:
    with serving({PHOTO: photo_bytes(), MASK: mask_bytes()}) as inside:
        moved = {path: elsewhere(inside.origin + path) for path in (PHOTO, MASK)}
        with serving(dict(moved)) as server:
            job = prepared(alice, server)
    assert job.inputs_ready_at


def test_a_server_that_answers_once_is_enough(alice: Cast) -> None:
    files = {PHOTO: photo_bytes(), MASK: mask_bytes()}

    def answer(request: Request) -> Reply:
        return Reply(body=files.pop(request.path)) if request.path in files else Reply(410)

    with Server(answer) as server:
        job = prepared(alice, server)
        tasks.prepare_inputs(str(job.pk))
    assert again(job).inputs_ready_at and len(server.requests) == 2
