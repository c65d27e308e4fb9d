"""The pictures come home, whole and once, and only then is the photo charged."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from projects import sizes, tasks
from projects.choices import Source, Status
from projects.models import Generation
from projects.objects import generation_object
from tests.conftest import Cast, photo_bytes
from tests.projects.jobs import (
    HELD_AND_CHARGED,
    again,
    archiving_generation,
    backdate,
    balances,
    ended_as,
    entries,
    files_in,
    originals_in,
    use_upstream,
    waits_uncharged,
)
from tests.servers import Reply, Request, Server, serving
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
PICTURE = photo_bytes((800, 600), "PNG")


def archived(cast: Cast, files: dict[str, bytes | Reply]) -> tuple[Generation, list[Request]]:
    """A job whose pictures are these files, after one try."""
    with serving(files) as server:
        use_upstream(cast, server.origin)
        job = archiving_generation(cast, *(server.origin + path for path in files))
        tasks.archive_generation(str(job.pk))
        tasks.archive_generation(str(job.pk))  # a hint that came twice
    return again(job), server.requests


@pytest.mark.parametrize(
    ("data", "content_type", "extension"),
    [
        (PICTURE, "image/png", ".png"),
        (photo_bytes((800, 600)), "image/jpeg", ".jpg"),
        (photo_bytes((800, 600), "WEBP"), "image/webp", ".webp"),
    ],
    ids=["png", "jpeg", "webp"],
)
def test_a_picture_is_kept_as_it_was_made(
    alice: Cast, data: bytes, content_type: str, extension: str
) -> None:
    job, requests = archived(alice, {"/1": data})
    (picture,) = job.pictures.all()
    assert job.status == Status.SUCCEEDED and job.charged == 1 and len(requests) == 1
    assert entries(job) == HELD_AND_CHARGED and balances(alice) == (9, 0, 1)
    assert picture.file.read() == data and picture.file.name.endswith(extension)
    assert picture.sha256 == hashlib.sha256(data).hexdigest() and picture.size == len(data)
    assert (picture.width, picture.height, picture.content_type) == (800, 600, content_type)
    assert Image.open(picture.thumbnail).size == (640, 480)


def test_what_was_changed_outside_the_zone_is_known(alice: Cast) -> None:
    picture = Image.open(io.BytesIO(photo_bytes(kind="PNG")))
    faithful, _requests = archived(alice, {"/1": photo_bytes(kind="PNG")})
    picture.paste("red", (0, 0, picture.width // 4, picture.height // 4))
    out = io.BytesIO()
    picture.save(out, "PNG")
    with_a_window, _requests = archived(alice, {"/2": out.getvalue()})
    shares = [job.pictures.get().outside_changed for job in (faithful, with_a_window)]
    assert shares[0] == 0 and 0.03 < shares[1] < 0.2
    assert generation_object(with_a_window)["outside_changed"] == round(shares[1], 3)


def test_without_a_photo_there_is_nothing_to_compare_with(alice: Cast) -> None:
    """It was erased meanwhile, or came from a time before the agency was here."""
    with serving({"/1": PICTURE}) as server:
        use_upstream(alice, server.origin)
        job = archiving_generation(alice, f"{server.origin}/1")
        default_storage.delete(str(job.photo.file.name))
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED
    assert again(job).pictures.get().outside_changed is None


def test_a_comparison_that_fails_holds_nothing_up(alice: Cast, monkeypatch: Any) -> None:
    def fail(*_files: bytes) -> float:
        raise ValueError("a decoder that stumbles")

    monkeypatch.setattr("projects.comparison.changed_outside", fail)
    job, _requests = archived(alice, {"/1": PICTURE})
    assert job.status == Status.SUCCEEDED and job.charged == 1
    assert job.pictures.get().outside_changed is None


@pytest.mark.parametrize(
    ("source", "widths"), [(Source.DASHBOARD, [1600, 828, 480]), (Source.API, [])]
)
def test_the_sizes_of_an_open_page_are_there_with_the_picture(
    alice: Cast, source: Source, widths: list[int]
) -> None:
    """Its page asks for one at once; what software asked for is perhaps never shown."""
    with serving({"/1": photo_bytes((1000, 800), "PNG")}) as server:
        use_upstream(alice, server.origin)
        job = archiving_generation(alice, f"{server.origin}/1")
        Generation.objects.filter(pk=job.pk).update(source=source)
        tasks.archive_generation(str(job.pk))
    kept = [name for name in sizes.names_of(job.pictures.all()) if default_storage.exists(name)]
    assert set(kept) == {f"sizes/{job.pictures.get().pk.hex}-{width}-ai.avif" for width in widths}


def test_sizes_that_fail_hold_nothing_up(alice: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_asked: object) -> bytes:
        raise ValueError("an encoder that stumbles")

    monkeypatch.setattr("projects.sizes.reduced_picture", fail)
    job, _requests = archived(alice, {"/1": PICTURE})
    assert job.status == Status.SUCCEEDED and job.charged == 1


BAD = [
    Reply(404), Reply(403), Reply(500), Reply(204), Reply(reset=True), b"",
    b"<html>gone</html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    PICTURE[:2000], photo_bytes()[:2000], bytes(65 * 2**20),
    Reply(200, PICTURE, {"content-length": str(len(PICTURE) + 1)}),
    Reply(302, headers={"location": "http://169.254.169.254/latest"}),
    Reply(302, headers={"location": "http://10.0.0.1/1.png"}),
]  # fmt: skip


@pytest.mark.parametrize(
    "bad", BAD, ids=lambda bad: f"{bad[:9]!r}" if isinstance(bad, bytes) else str(bad.status)
)
def test_what_is_no_picture_is_tried_again_and_not_charged(
    alice: Cast, media: Path, bad: bytes | Reply
) -> None:
    before = 2  # the photo and the mask
    job, requests = archived(alice, {"/1": bad})
    assert waits_uncharged(job) and len(requests) == 1
    assert not job.pictures.exists() and len(files_in(media)) == before
    with serving({"/1": PICTURE}) as server:
        Generation.objects.filter(pk=job.pk).update(result_urls=[server.origin + "/1"])
        backdate(job, 16, "due_at")
        sweep_once()
        run_queued()
    assert again(job).status == Status.SUCCEEDED and balances(alice) == (9, 0, 1)


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://127.0.0.1/1", "http://127.0.0.1:1/", "http://é:x/"]
)
def test_a_link_that_leads_nowhere(alice: Cast, url: str) -> None:
    job = archiving_generation(alice, url)
    tasks.archive_generation(str(job.pk))
    assert waits_uncharged(again(job))


def test_the_accounts_own_origin_is_allowed_and_no_other(alice: Cast, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []
    with serving({"/1": PICTURE}) as other:
        job, requests = archived(
            alice, {"/1": Reply(302, headers={"location": other.origin + "/1"})}
        )
        assert waits_uncharged(job) and len(requests) == 1 and other.requests == []
    with serving({"/1": PICTURE}) as own:
        Generation.objects.filter(pk=job.pk).update(
            result_urls=[own.origin + "/1"], upstream_origin=own.origin
        )
        backdate(job, 16, "due_at")
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED


def test_a_partial_archive_is_resumed(alice: Cast, media: Path) -> None:
    files: dict[str, bytes | Reply] = {"/1": PICTURE, "/2": Reply(503), "/3": PICTURE}
    with serving(files) as server:
        job = archiving_generation(alice, *(server.origin + path for path in files))
        tasks.archive_generation(str(job.pk))
        assert waits_uncharged(again(job)) and job.pictures.count() == 1
        files["/2"] = photo_bytes()
        backdate(job, 16, "due_at")
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED
    assert [picture.position for picture in job.pictures.all()] == [0, 1, 2]
    assert [request.path for request in server.requests] == ["/1", "/2", "/2", "/3"]
    assert len(originals_in(media)) == 2 + 6 and balances(alice) == (9, 0, 1)


@pytest.mark.parametrize("status", [200, 500])
def test_six_hours_are_the_end(alice: Cast, status: int) -> None:
    """T14, by our own clock."""
    with Server(lambda _request: Reply(status, PICTURE)) as server:
        job = archiving_generation(alice, server.origin + "/1")
        backdate(job, 6 * 3600, "status_since", "due_at")
        sweep_once()
        run_queued()
    assert ended_as(job, "result_lost") and balances(alice) == (10, 0, 0)
