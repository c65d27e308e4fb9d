"""What people say of a picture: favourite, a note, that it is wrong; what support does then."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Membership
from projects import complaints, keeping
from projects.choices import WrongReason
from projects.models import Complaint, Generation, Project
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, project_with_photo, succeeded_generation
from tests.projects.jobs import again, at_once, balances

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def press(client: Client, job: Generation, what: str, **fields: str) -> Any:
    url = f"/projets/{job.project_id}/images/{job.pk}/{what}"
    return client.post(url, fields, headers=ENGLISH)


def page(client: Client, job: Generation) -> str:
    url = f"/projets/{job.project_id}"
    return client.get(url, {"image": str(job.pk)}, headers=ENGLISH).content.decode()


def version(job: Generation) -> int:
    return Project.objects.get(pk=job.project_id).version


def kinds(job: Generation) -> list[str]:
    return list(job.events.values_list("kind", flat=True))


def test_a_favourite_is_marked_and_unmarked(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    assert 'aria-pressed="false"' in page(alice_client, job)
    assert 'aria-label="Favourite"' not in page(alice_client, job)
    before = version(job)
    for _twice in range(2):
        answer = press(alice_client, job, "favori", favourite="1")
        assert answer.status_code == 302
        assert answer["Location"] == f"/projets/{job.project_id}?image={job.pk}#favourite"
        assert again(job).favourite and version(job) > before
    html = page(alice_client, job)
    assert 'aria-pressed="true"' in html and 'aria-label="Favourite"' in html
    press(alice_client, job, "favori", favourite="0")
    assert not again(job).favourite


def test_a_note_is_kept_and_shown(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    before = version(job)
    lines = "é\r\n" * 250
    press(alice_client, job, "note", note=lines + "Mme <b>Martin</b> ")
    assert again(job).note == "", "509 characters are too many"
    press(alice_client, job, "note", note=lines[:-2])
    assert again(job).note.count("\n") == 249, "the end of a line is one character"
    answer = press(alice_client, job, "note", note="Mme <b>Martin</b>\nla préfère")
    assert answer.status_code == 302 and version(job) > before
    html = page(alice_client, job)
    assert "Mme &lt;b&gt;Martin&lt;/b&gt;<br>la préfère" in html and "Change the note" in html
    press(alice_client, job, "note", note="")
    assert again(job).note == "" and "Add a note" in page(alice_client, job)


@pytest.mark.parametrize("text", ["x" * 501, "a\0b"])
def test_a_note_that_cannot_be_kept_is_refused(
    alice: Cast, alice_client: Client, text: str
) -> None:
    job = succeeded_generation(alice)
    press(alice_client, job, "note", note="before")
    answer = press(alice_client, job, "note", note=text)
    html = answer.content.decode()
    assert answer.status_code == 422 and "The note was not saved" in html
    assert 'href="#id_note"' in html and "x" * len(text.strip("ab\0")) in html
    assert again(job).note == "before"


def test_a_wrong_picture_is_reported_once(alice: Cast, alice_client: Client) -> None:
    job, before = succeeded_generation(alice), balances(alice)
    html = page(alice_client, job)
    assert all(str(reason.label) in html for reason in WrongReason)
    assert "within one working day" in html and "not given back automatically" in html
    old = version(job)
    answer = press(alice_client, job, "probleme", reason="outside_changed", text="une fenêtre")
    assert answer.status_code == 302 and version(job) > old
    row = Complaint.objects.get()
    assert (row.generation, row.reason, row.text) == (job, "outside_changed", "une fenêtre")
    assert (row.agency, row.mode, row.author) == (alice.agency, "live", alice.owner)
    assert "complaint" in kinds(job) and balances(alice) == before
    html = page(alice_client, job)
    assert "reported to support" in html and "une fenêtre" in html
    assert "within one working day" in html and 'name="reason"' not in html
    press(alice_client, job, "probleme", reason="other")
    assert "already reported" in page(alice_client, job)
    assert Complaint.objects.count() == 1 and kinds(job).count("complaint") == 1


@pytest.mark.parametrize("fields", [{}, {"reason": "ugly"}, {"reason": "other", "text": "x" * 501}])
def test_a_report_without_a_reason_is_refused(
    alice: Cast, alice_client: Client, fields: dict[str, str]
) -> None:
    job = succeeded_generation(alice)
    answer = press(alice_client, job, "probleme", **fields)
    assert answer.status_code == 422
    assert "The picture was not reported" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_what_support_has_closed_is_said_and_can_be_reported_again(
    alice: Cast, alice_client: Client
) -> None:
    job = succeeded_generation(alice)
    press(alice_client, job, "probleme", reason="other")
    old = version(job)
    with pytest.raises(ValueError, match="reason"):
        complaints.close(Complaint.objects.get(), reason=" ", actor_id="dana")
    assert complaints.close(Complaint.objects.get(), reason="given back", actor_id="dana")
    assert version(job) > old and "complaint_closed" in kinds(job)
    html = page(alice_client, job)
    assert "Support looked at what you reported" in html and 'name="reason"' in html
    press(alice_client, job, "probleme", reason="wrong_type")
    assert Complaint.objects.filter(closed_at=None).get().reason == "wrong_type"


@pytest.mark.parametrize("what", ["favori", "note", "probleme"])
def test_only_of_a_picture_that_is_there(alice: Cast, alice_client: Client, what: str) -> None:
    running, other = processing_generation(alice, "running"), project_with_photo(alice)
    assert press(alice_client, running, what, reason="other").status_code == 404
    job = succeeded_generation(alice)
    for project_id, job_id in ((other.pk, job.pk), (job.project_id, uuid4())):
        url = f"/projets/{project_id}/images/{job_id}/{what}"
        assert alice_client.post(url, {"reason": "other"}).status_code == 404
    assert not Complaint.objects.exists()


def test_bob_says_it_too(alice: Cast, bob: Membership) -> None:
    job = succeeded_generation(alice)
    press(signed_in(bob), job, "probleme", reason="other")
    assert Complaint.objects.get().author == bob


def test_support_is_told(alice: Cast, caplog: pytest.LogCaptureFixture) -> None:
    job = succeeded_generation(alice)
    for _twice in range(2):
        keeping.complain(job, author=alice.owner, reason=WrongReason.OTHER, text="private")
    alerts = [line for line in caplog.messages if line.startswith("ALERT picture_reported")]
    assert alerts == [f"ALERT picture_reported generation={job.pk} reason=other"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_report_at_once(alice: Cast) -> None:
    job = succeeded_generation(alice)

    def complain() -> bool:
        return keeping.complain(job, author=alice.owner, reason=WrongReason.OTHER, text="")

    assert sorted(at_once(*[complain] * 4)) == [False, False, False, True]
    assert Complaint.objects.count() == 1
