"""`manage.py generate`: what cannot work is told in one line before a photo is used."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Mode
from accounts.ledger_audit import differences
from accounts.selectors import quota_of
from projects.models import Generation, Project, Upload
from tests.conftest import SIZE, Cast, _agency, mask_bytes, photo_bytes
from tests.servers import Reply, Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(settings: Any) -> Iterator[Server]:
    """A web process that answers /healthz, all that the command asks of it by itself."""
    with Server(lambda request: Reply(body=b"ok\n")) as server:
        settings.PUBLIC_BASE_URL = server.origin
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "garden.jpg").write_bytes(photo_bytes())
    (tmp_path / "mask.png").write_bytes(mask_bytes())
    return tmp_path


def generate(folder: Path, *options: str, **files: str) -> None:
    """Run it on the files of `folder`, or on others named photo=, mask= or out=."""
    names = {"photo": "garden.jpg", "mask": "mask.png", "out": "out.png"} | files
    photo, mask, out = (str(folder / names[name]) for name in ("photo", "mask", "out"))
    call_command("generate", photo, mask, "--room-type", "POOL", "--out", out, *options)


def refused(folder: Path, *options: str, **files: str) -> str:
    with pytest.raises(CommandError) as error:
        generate(folder, *options, **files)
    assert error.value.returncode == 1
    line = str(error.value)
    assert line and "\n" not in line
    return line


@pytest.fixture
def nothing_is_left(alice: Cast, media: Path) -> Iterator[None]:
    """No row, no file, no photo: whatever the test did."""
    yield
    assert not Project.objects.exists() and not Generation.objects.exists()
    assert not Upload.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []
    row = quota_of(alice.agency, Mode.LIVE)
    assert (row.available, row.held, row.consumed) == (10, 0, 0) and list(differences()) == []


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_files_that_cannot_be_read(folder: Path) -> None:
    (folder / "empty.jpg").touch()
    (folder / "notes.jpg").write_text("no picture")
    assert "nowhere.jpg: No such file" in refused(folder, photo="nowhere.jpg")
    assert "nowhere.png: No such file" in refused(folder, mask="nowhere.png")
    assert "Is a directory" in refused(folder, photo=".")
    assert "empty.jpg: The file is empty. (image_empty)" in refused(folder, photo="empty.jpg")
    assert "notes.jpg: The file is no JPEG" in refused(folder, photo="notes.jpg")
    assert "notes.jpg: The file is no JPEG" in refused(folder, mask="notes.jpg")


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_masks_that_cannot_be_used(folder: Path) -> None:
    (folder / "square.png").write_bytes(mask_bytes((300, 300)))
    assert "mask_size_mismatch" in refused(folder, mask="square.png")


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_an_agency_that_is_not_there(folder: Path) -> None:
    line = refused(folder, "--agency", "Nobody")
    assert "No such agency" in line and "create_agency" in line


@pytest.mark.usefixtures("web")
def test_no_agency_at_all(folder: Path, db: None) -> None:
    assert "create_agency" in refused(folder)


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_a_room_type_that_is_not_there(folder: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'JACUZZI'"):
        call_command("generate", "a.jpg", "b.png", "--room-type", "JACUZZI", "--out", "o.png")


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_no_photo_left(folder: Path) -> None:
    _agency("Poor", "poor@example.org", 0)
    line = refused(folder, "--agency", "Poor")
    assert "1 photo(s) needed, 0 available. No photo was used." in line


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_no_account_at_iacrea(folder: Path, alice: Cast) -> None:
    alice.agency.iacrea_accounts.filter(built_in=False).delete()
    line = refused(folder)
    assert "No iacrea account can take this job" in line and ".." not in line


@pytest.mark.usefixtures("nothing_is_left")
def test_no_web_process(folder: Path, settings: Any) -> None:
    with Server(lambda request: Reply()) as server:
        settings.PUBLIC_BASE_URL = server.origin
    line = refused(folder)
    assert f"No web process answers at {server.origin}/healthz" in line and "make demo" in line


@pytest.mark.usefixtures("web", "nothing_is_left")
def test_nowhere_to_write(folder: Path, web: Server) -> None:
    for out in ("missing/out.png", ".", "garden.jpg/out.png"):
        assert "--out" in refused(folder, out=out)
    assert web.requests == [], "told before anything else is tried"


@pytest.mark.usefixtures("web")
def test_a_job_goes_on_when_the_wait_ends(folder: Path, alice: Cast) -> None:
    """Its photo is held, as after any accepted job; a long file name is no reason to fail."""
    (folder / f"{'x' * 200}.jpg").write_bytes(photo_bytes())
    with pytest.raises(CommandError, match="it goes on"):
        generate(folder, "--timeout", "0", photo=f"{'x' * 200}.jpg")
    job = Generation.objects.get()
    assert job.source == "command" and (job.width, job.height) == SIZE
    assert quota_of(alice.agency, Mode.LIVE).held == 1
