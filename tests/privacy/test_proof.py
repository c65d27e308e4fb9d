"""The proof: words of their own stand everywhere; after the erasure they stand nowhere, but where
docs/privacy.md says so."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from deploy.tree import ROOT
from projects.privacy.erasure.agency import erase_agency
from projects.privacy.erasure.person import erase_person
from tests.privacy.markers import Found, ids_in, places
from tests.privacy.planting import Planted, files_of, plant

pytestmark = pytest.mark.django_db
# Columns of words that nobody types: codes, hashes, random names, paths that are made of ids.
NO_WORDS = {
    "accent", "action", "actor_id", "body_sha256", "candidate_id", "code", "closed_by",
    "content_type", "error", "event_types", "failure_detail", "invoice_reference", "key_hash",
    "language", "method", "path", "picture_sha256", "prefix", "scopes", "sha256", "step", "target",
    "token", "token_hash", "token_sha256", "unclear_at", "upstream_id", "upstream_origin",
    "words", "password", "kind", "file", "thumbnail", "restored", "logo", "status", "reason",
    "event_type", "command",
}  # fmt: skip
WORDS = ("CharField", "TextField", "EmailField", "URLField", "JSONField", "EncryptedTextField")
OURS = ("accounts", "iacrea", "webhooks", "projects")


@dataclass
class House:
    media: Path
    mails: Path
    log: Callable[[], str]

    def files(self) -> set[str]:
        return {path.name for path in self.media.rglob("*") if path.is_file()}

    def found(self, planted: Planted) -> Found:
        return planted.marks.found(places(self.media, self.mails, self.log()))


@pytest.fixture
def house(media: Path, tmp_path: Path, settings: Any, caplog: Any) -> House:
    """With mails as files, and a log of all that is said."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    caplog.set_level("INFO")  # as the product logs
    return House(media, tmp_path, lambda: caplog.text)


def documented(title: str) -> set[str]:
    """The first column of the table under this title of docs/privacy.md."""
    text = (ROOT / "docs" / "privacy.md").read_text()
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    table = next(part for part in section if part.startswith(title))
    return set(re.findall(r"^\| `([\w .:]+)`", table, flags=re.MULTILINE))


def test_an_agencys_words_are_everywhere_first(house: House) -> None:
    """Or the proof would prove nothing: each column that holds words holds one, and a new column
    fails here until something is planted in it."""
    planted = plant()
    found = house.found(planted)
    stripped = {"exif", "filename", "logotext"}
    assert planted.marks.planted - found.keys() == stripped, "these never came in at all"
    full = {place for where in found.values() for place in where}
    fields = [(m, f) for m in apps.get_models() for f in m._meta.local_fields]
    columns = {
        f"{model._meta.db_table}.{field.column}"
        for model, field in fields
        if model._meta.app_label in OURS and field.get_internal_type() in {*WORDS, "FileField"}
        and not field.choices and field.column not in NO_WORDS
    }  # fmt: skip
    assert columns <= full | UNPLANTED
    searched = {place.split(".")[0] for place, _text in places(house.media, house.mails, "")}
    assert searched >= {"cache", "django_q_ormq", "django_q_task", "django_session", "storage"}


# Of no agency, or without a word: the lease's name, a counter's hash.
UNPLANTED = {"projects_lease.name", "projects_sharewindow.key", "accounts_user.language"}


def test_an_erased_agency_leaves_what_is_documented(
    house: House, django_capture_on_commit_callbacks: Any
) -> None:
    charlie = plant()
    his = house.files()
    alice = plant()
    before, ids = house.found(charlie), alice.ids
    assert len(house.files()) == 2 * len(his) and len(files_of(alice.agency)) > 5
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_agency(alice.agency, actor_id="staff")
    left = {place for where in house.found(alice).values() for place in where}
    assert left == {"mails"}, house.found(alice)
    assert "mails" in documented("What remains of an agency")
    assert house.files() == his, "no photo, picture, size or logo of hers, and all of his"
    assert ids_in(ids, house.media) == documented("What remains of an agency") - {"mails"}
    assert house.found(charlie) == before, "nothing of another agency"
    call_command("audit_ledger")


def test_an_erased_agency_is_erased_once(
    house: House, django_capture_on_commit_callbacks: Any
) -> None:
    alice = plant()
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_agency(alice.agency)
    before = list(places(house.media, house.mails, ""))
    with django_capture_on_commit_callbacks(execute=True):
        assert not erase_agency(alice.agency)
    assert list(places(house.media, house.mails, "")) == before


# What of an agency is a person's own.
PERSONAL = {
    "member", "membername", "claimed", "accountname", "memberkey", "base", "pause",
    "adminmember", "mailtrace",
}  # fmt: skip


def test_an_erased_person_leaves_what_is_documented(house: House) -> None:
    """What they made stays with the agency; the owner's words stay too."""
    alice = plant()
    before = house.found(alice)
    shared = {"browser", "session", "factor", "address", "conf"}  # the owner has them as well
    assert before.keys() >= PERSONAL | shared
    user = alice.other.user
    assert erase_person(user)
    after = house.found(alice)
    assert {place for name in PERSONAL for place in after.get(name, ())} <= {"mails"}
    assert after.pop("agency") - before.pop("agency") == {"projects_clientcomment.name"}
    for name in before.keys() - PERSONAL:
        assert after[name] <= before[name], name
        assert before[name] - after[name] <= {"accounts_notification.facts"}, name
    theirs = {str(user.pk), str(alice.other.pk)}
    assert ids_in(theirs, house.media) == documented("What remains of a person") - {"mails"}
    assert not erase_person(user), "a second time does nothing"
