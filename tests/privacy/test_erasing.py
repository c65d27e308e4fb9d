"""Who is erased, who is refused and told what to do, and what goes on after a crash."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import audit
from accounts.choices import Role
from accounts.models import Agency, AuditEntry, Membership, StaffNote, StaffProposal, User
from accounts.privacy import bonds_of, erased_address
from accounts.services import add_member
from projects import erasure
from projects.models import Generation, Project, Upload
from projects.privacy.erasure import agency as agency_erasure
from projects.privacy.erasure import belongings
from projects.privacy.erasure.agency import erase_agency
from projects.privacy.erasure.person import erase_person
from projects.privacy.erasure.refusals import OnlyOwner, StillRunning
from projects.privacy.requests import ask, withdraw
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, project_with_photo, succeeded_generation

pytestmark = pytest.mark.django_db


def command(agency: Agency, *more: str, confirm: str = "") -> str:
    out = StringIO()
    named = confirm or agency.name
    call_command("erase_agency", str(agency.pk), "--confirm", named, *more, stdout=out)
    return out.getvalue()


def test_a_member_goes_and_what_they_made_stays(alice: Cast, bob: Membership) -> None:
    bobs, user = signed_in(bob), bob.user
    bobs.get("/")
    project = Project.objects.create(agency=alice.agency, mode="live", author=bob, title="Pool")
    assert erase_person(user)
    gone = User.objects.get(pk=user.pk)
    assert (gone.email, gone.name, gone.is_active) == (erased_address(gone), "", False)
    assert not gone.has_usable_password()
    assert Membership.objects.get(pk=bob.pk).removed_at
    assert Project.objects.get(pk=project.pk).author == bob
    assert bobs.get("/").status_code == 302, "signed out"
    entry = AuditEntry.objects.get(action="person.erased")
    assert (entry.agency, entry.target, entry.detail) == (alice.agency, str(user.pk), {})
    assert not erase_person(gone)
    assert AuditEntry.objects.filter(action="person.erased").count() == 1


def test_an_address_that_was_erased_can_be_used_again(alice: Cast, bob: Membership) -> None:
    erase_person(bob.user)
    again = User.objects.create_user("bob@example.org", "a password for tests")
    assert add_member(agency=alice.agency, user=again, role=Role.MEMBER).pk != bob.pk
    assert erase_person(again)


def test_the_only_owner_stays_until_there_is_another(alice: Cast, bob: Membership) -> None:
    with pytest.raises(OnlyOwner):
        erase_person(alice.owner.user)
    assert [bond.has_others for bond in bonds_of(alice.owner.user)] == [True]
    alice.owner.user.refresh_from_db()
    assert alice.owner.user.email == "alice@example.org"
    Membership.objects.filter(pk=bob.pk).update(role=Role.OWNER)
    assert erase_person(alice.owner.user)
    assert [bond.has_others for bond in bonds_of(bob.user)] == [False], "bob is alone now"


def test_an_owner_who_cannot_sign_in_is_none(alice: Cast, bob: Membership) -> None:
    Membership.objects.filter(pk=bob.pk).update(role=Role.OWNER)
    User.objects.filter(pk=bob.user_id).update(is_active=False)
    with pytest.raises(OnlyOwner):
        erase_person(alice.owner.user)


def test_a_job_with_their_own_key_is_waited_for(alice: Cast, bob: Membership) -> None:
    job = processing_generation(alice)
    job.account.membership = bob
    job.account.save()
    with pytest.raises(StillRunning) as refused:
        erase_person(bob.user)
    assert refused.value.jobs == [job]
    bob.user.refresh_from_db()
    assert bob.user.is_active


def test_no_agency_is_erased_while_a_job_runs(alice: Cast, alice_client: Client) -> None:
    ready, job = succeeded_generation(alice), processing_generation(alice, "upstream-2")
    with pytest.raises(CommandError, match=f"{job.pk}.*PROCESSING"):
        command(alice.agency)
    assert alice_client.get(f"/projets/{ready.project_id}").status_code == 200
    key = {"authorization": f"Bearer {alice.api_key}"}
    assert alice_client.get("/api/v1/projects", headers=key).status_code == 200


def test_nobody_comes_in_any_more(alice: Cast, charlie: Cast, client: Client) -> None:
    succeeded_generation(alice)
    user = alice.owner.user
    assert "is erased" in command(alice.agency)
    key = {"authorization": f"Bearer {alice.api_key}"}
    assert client.get("/api/v1/projects", headers=key).status_code == 401
    typed = {"login": user.email, "password": "a password for tests"}
    client.post("/comptes/login/", typed)
    assert "_auth_user_id" not in client.session
    row = Agency.objects.get(pk=alice.agency.pk)
    assert (row.name, row.webhook_secret) == ("erased", "")
    assert "erased before" in command(row)
    assert signed_in(charlie.owner).get("/").status_code == 200


def test_who_works_elsewhere_keeps_their_account(
    alice: Cast, bob: Membership, charlie: Cast
) -> None:
    add_member(agency=charlie.agency, user=bob.user, role=Role.MEMBER)
    command(alice.agency)
    bob.user.refresh_from_db()
    assert bob.user.email == "bob@example.org" and bob.user.is_active
    assert b"Charlie" in signed_in(bob).get("/").content


def test_a_crash_is_gone_on_from(alice: Cast, monkeypatch: Any) -> None:
    """In the middle of the projects: the agency is closed, and the second run ends it."""
    for number in range(3):
        succeeded_generation(alice, f"upstream-{number}")
    done = []

    def dies(project: Project) -> bool:
        if done:
            raise OSError("killed")
        done.append(project)
        return erasure.erase_project(project)

    with monkeypatch.context() as patch:
        patch.setattr(agency_erasure, "erase_project", dies)
        with pytest.raises(OSError, match="killed"):
            erase_agency(alice.agency)
    assert Project.objects.filter(erased_at=None).count() == 2
    assert erase_agency(alice.agency)
    assert not Project.objects.filter(erased_at=None).exists()
    assert not Generation.objects.exclude(photo=None).exists()


def test_what_comes_in_meanwhile_goes_too(alice: Cast, monkeypatch: Any) -> None:
    """A call that had its key judged before the keys were revoked."""
    late = []

    def blank(agency: Agency) -> None:
        if not late:
            late.append(project_with_photo(alice))
        belongings.blank_rows(agency)

    monkeypatch.setattr(agency_erasure, "blank_rows", blank)
    assert erase_agency(alice.agency)
    assert Project.objects.get(pk=late[0].pk).erased_at and not Upload.objects.exists()
    assert AuditEntry.objects.filter(action="agency.erased").count() == 1


def test_another_address_that_ends_alike_stays(alice: Cast, bob: Membership) -> None:
    for name in ("bob", "jean-bob", "bob.example.org"):
        audit.record(agency=alice.agency, action=name, detail={"to": f"{name}@example.org"})
    erase_person(bob.user)
    kept = AuditEntry.objects.exclude(detail={}).values_list("action", flat=True)
    assert {"jean-bob", "bob.example.org"} <= set(kept) and "bob" not in kept


def test_what_staff_wrote_of_somebody_goes_too(alice: Cast, bob: Membership) -> None:
    for name in ("bob", "jean-bob"):
        words = f"call {name}@example.org on Mondays"
        StaffNote.objects.create(agency=alice.agency, text=words)
        StaffProposal.objects.create(
            agency=alice.agency, command=name, target_id=alice.agency.pk, reason=words,
            proposed_by=alice.owner.user,
        )  # fmt: skip
    erase_person(bob.user)
    assert [row.text for row in StaffNote.objects.all()] == ["call jean-bob@example.org on Mondays"]
    assert [row.command for row in StaffProposal.objects.all()] == ["jean-bob"]


def test_a_wrong_name_erases_nothing(alice: Cast) -> None:
    with pytest.raises(CommandError, match="not the name"):
        command(alice.agency, confirm="Alicia")
    assert Agency.objects.get(pk=alice.agency.pk).name == "Alice"


def test_for_seven_days_it_can_be_called_back(alice: Cast) -> None:
    assert ask(alice.owner) and not ask(alice.owner)
    with pytest.raises(CommandError, match="call it back until"):
        command(alice.agency)
    assert withdraw(alice.owner) and not withdraw(alice.owner)
    assert ask(alice.owner)
    assert "is erased" in command(alice.agency, "--now")
