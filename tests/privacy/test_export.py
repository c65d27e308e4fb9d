"""What people and agencies take home: all of it, nothing of others, and no secret."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from accounts.models import AuditEntry, Membership
from projects.models import Picture
from projects.privacy import export
from projects.privacy.selectors.agency import FIELDS
from projects.privacy.selectors.person import sections_of
from tests.conftest import Cast, photo_bytes
from tests.garden import succeeded_generation
from tests.privacy.markers import MARK
from tests.privacy.planting import plant
from tests.privacy.test_pages import sure

pytestmark = pytest.mark.django_db
# What an agency is not given: nothing of theirs, or only what opens a door.
NOT_EXPORTED = {
    "User", "Agency", "Membership",  # in "agency" and "members"
    "IdempotentAnswer", "RateWindow", "NotificationChoice", "WebhookSecret", "RiskyStep",
    "CallbackReceipt", "Lease", "ShareWindow", "KeptBytes",
    "StaffNote", "StaffProposal",  # of staff, for staff
}  # fmt: skip
SECRET = {"agencysecret", "iacreakey", "memberkey", "hooksecret", "factor", "session", "conf"}
# Of staff, of a log, of what goes after minutes, and what is each member's own.
NOT_THEIRS = {
    "exif", "filename", "logotext", "idempotency", "adminrepr", "traceback", "subject",
    "mailtext", "mailto", "browser", "address", "claimed", "pause",
    "adminmember", "mailtrace", "colleague", "proposal", "proposed",
}  # fmt: skip


def opened(pieces: Any) -> ZipFile:
    return ZipFile(BytesIO(b"".join(pieces)))


def words(text: str) -> set[str]:
    return {name for _run, name in MARK.findall(text)}


def test_an_agency_takes_all_of_it_home() -> None:
    alice, charlie = plant(), plant()
    archive = opened(export.zip_of(alice.agency))
    assert archive.testzip() is None
    text = archive.read("data.json").decode()
    data = json.loads(text)
    assert words(text) == alice.marks.planted - SECRET - NOT_THEIRS
    assert charlie.marks.run not in text
    [agency], members = data["agency"], data["members"]
    assert agency["id"] == str(alice.agency.pk) and len(members) == 2
    [job] = data["generations"]
    assert job["metadata"] == {"client": alice.marks("metadata")} and job["status"] == "SUCCEEDED"
    assert {"HOLD", "CAPTURE"} <= {row["kind"].upper() for row in data["ledger"]}
    [live] = [row for row in data["balances"] if row["mode"] == "live"]
    assert live["consumed"] == 1
    names = set(archive.namelist())
    [picture] = data["pictures"]
    mine = {f"pictures/{picture['id']}.png", f"pictures/{picture['id']}-restored.png", "logo.png"}
    photos = {f"photos/{row['id']}.jpg" for row in data["uploads"] if row["kind"] == "photo"}
    masks = {f"masks/{row['id']}.png" for row in data["uploads"] if row["kind"] == "mask"}
    assert names == mine | photos | masks | {"data.json"}
    whole = archive.read(f"pictures/{picture['id']}.png")
    assert b"compositeWithTrainedAlgorithmicMedia" in whole


def test_each_model_is_exported_or_said_not_to_be() -> None:
    labels = ("accounts", "iacrea", "webhooks", "projects")
    models = {m.__name__ for label in labels for m in apps.get_app_config(label).get_models()}
    exported = {model.__name__ for model, _whose, _fields in FIELDS.values()}
    assert models - exported == NOT_EXPORTED


def test_what_the_storage_has_lost_is_named(alice: Cast) -> None:
    job = succeeded_generation(alice)
    picture = job.pictures.get()
    picture.file.storage.delete(picture.file.name)
    archive = opened(export.zip_of(alice.agency))
    assert archive.read("missing.txt").decode() == f"pictures/{picture.pk}.png"
    assert "data.json" in archive.namelist()


def test_a_person_takes_what_is_theirs() -> None:
    alice = plant()
    user, marks = alice.other.user, alice.marks
    text = "".join(export.json_of(user))
    data = json.loads(text)
    assert list(data) == [name for name, _rows in sections_of(user)]
    theirs = {"member", "membername", "claimed", "agency", "othertitle", "title", "note",
              "metadata", "complaint", "answer", "request", "invited", "browser",
              "address"}  # fmt: skip
    assert theirs <= words(text) and not words(text) & (SECRET | {"owner", "ownername", "comment"})
    assert data["user"][0]["email"] == f"{marks('member')}@example.org"
    assert [row["type"] for row in data["second_factors"]] == ["totp"]
    assert [row["text"] for row in data["comments"]] == [marks("answer")]
    assert {row["action"] for row in data["audit"]} >= {"photo_request.asked", "invitation.sent"}


def test_the_files_are_sent_as_they_are_made(alice: Cast, bob: Membership) -> None:
    succeeded_generation(alice)
    answer = sure(alice.owner).get("/agence/donnees/archive")
    assert answer.streaming and answer["Cache-Control"] == "private, no-store"
    assert 'filename="alice-' in answer["Content-Disposition"]
    assert "data.json" in opened(answer.streaming_content).namelist()
    assert AuditEntry.objects.get(action="agency.exported").actor_id == str(alice.owner.pk)
    answer = sure(bob).get("/mes-donnees/fichier")
    data = json.loads(b"".join(answer.streaming_content))
    assert answer.streaming and data["user"][0]["name"] == "Bob"


def test_many_pictures_take_no_memory(alice: Cast) -> None:
    """Five hundred of 400 kB, of which a zip in memory would be 200 MB."""
    job = succeeded_generation(alice)
    made = job.pictures.get()
    noise = photo_bytes(kind="PNG") + bytes(400_000)  # behind its end, for its size
    name = made.file.storage.save("pictures/large.png", ContentFile(noise))
    fields = ("agency_id", "mode", "content_type", "width", "height", "size", "sha256")
    same = {field: getattr(made, field) for field in fields}
    Picture.objects.bulk_create(
        Picture(generation=job, position=number, file=name, thumbnail=name, **same)
        for number in range(1, 501)
    )
    before, sent = peak_from_now(), 0
    for piece in export.zip_of(alice.agency):
        sent += len(piece)
    assert sent > 200_000_000
    grown = peak() - before
    print(f"{sent / 1e6:.0f} MB sent, {grown / 1e3:.1f} MB more in memory at most")
    assert grown < 30_000


def peak_from_now() -> int:
    """What tests before this one took does not count."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """In kilobytes, of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
