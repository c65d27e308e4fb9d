"""What one person of the staff must not do alone: another confirms it."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import grants
from accounts.models import AuditEntry, StaffProposal, User
from accounts.staff import proposals
from accounts.staff.command import NotNow
from accounts.staff.commands.photos import ALONE
from tests.conftest import Cast
from tests.desk.commands import CASES, LOCKED_OUT, PHOTOS, WHY
from tests.desk.test_actions import PASSWORD, said
from tests.projects.jobs import at_once, backdate, balances

pytestmark = pytest.mark.django_db
GRANT = next(case for case in CASES if case.name == "grant_photos")
MANY = {**PHOTOS, "photos": "51"}


def staff(name: str, *permissions: str) -> tuple[User, Client]:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, is_staff=True, name=name)
    may = Permission.objects.filter(codename__in=permissions or ("money", "support", "security"))
    user.user_permissions.set(may | Permission.objects.filter(codename__startswith="view_"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return user, client


def press(client: Client, name: str, pk: Any, **fields: str) -> str:
    """Shown first, then pressed."""
    page = reverse("desk:command", args=[name, pk])
    once = client.get(page).context["form"]["once"].value()
    filled = {"press": "1", "reason": WHY, "once": str(once), **fields}
    shown = client.post(page, filled, follow=True)
    told = (shown.context or {}).get("told")
    return said(client.post(page, {**filled, "told": told}, follow=True) if told else shown)


def decide(client: Client, **fields: str) -> str:
    proposal = StaffProposal.objects.latest("proposed_at")
    return said(client.post(reverse("desk:decide", args=[proposal.pk]), fields, follow=True))


def test_fifty_alone_and_more_with_another(alice: Cast) -> None:
    who, dana = staff("dana")
    erin, other = staff("erin")
    assert "done" in press(dana, "grant_photos", alice.agency.pk, **{**PHOTOS, "photos": "50"})
    assert balances(alice) == (60, 0, 0)
    assert "second person" in press(dana, "grant_photos", alice.agency.pk, **MANY)
    assert balances(alice) == (60, 0, 0), "nothing moves before"
    page = other.get(reverse("desk:proposals")).content.decode()
    assert "60 → 111" in page and WHY in page and "Confirm and do it" in page
    assert "somebody else" in decide(dana, confirm="1") and balances(alice) == (60, 0, 0)
    assert decide(other, confirm="1") == "Done."
    assert balances(alice) == (111, 0, 0)
    moved = AuditEntry.objects.filter(action="photos.granted", detail__photos=51).get()
    assert (moved.actor_id, moved.reason) == (str(erin.pk), WHY)
    proposed = AuditEntry.objects.get(action="staff.proposed")
    assert (moved.detail["proposal"], moved.detail["proposed_by"]) == (
        proposed.detail["proposal"], str(who.pk),
    )  # fmt: skip
    assert "decided before" in decide(other, confirm="1") and balances(alice) == (111, 0, 0)


def test_fifty_are_those_of_a_day(alice: Cast, monkeypatch: Any) -> None:
    """Or two presses would be one too many; a day later it is another."""
    _user, dana = staff("dana")
    some = {**PHOTOS, "photos": "26"}
    assert "done" in press(dana, "grant_photos", alice.agency.pk, **some)
    test = {**some, "mode": "test"}
    assert "done" in press(staff("erin")[1], "grant_photos", alice.agency.pk, **test)
    assert "second person" in press(dana, "grant_photos", alice.agency.pk, **some)
    assert "second person" in press(dana, "take_photos", alice.agency.pk, **some)
    assert balances(alice) == (36, 0, 0)
    page = reverse("desk:command", args=["grant_photos", alice.agency.pk])
    sent = AuditEntry.objects.get(action="photos.granted", detail__mode="live").detail["form"]
    again = {"press": "1", "reason": WHY, "once": sent, "told": "26|live", **some}
    assert "already" in said(dana.post(page, again, follow=True)), "the same page, once more"
    StaffProposal.objects.all().delete()
    monkeypatch.setattr(grants, "DAY", timedelta(0))
    assert "done" in press(dana, "grant_photos", alice.agency.pk, **some)


def test_one_proposal_at_a_time(alice: Cast) -> None:
    _user, dana = staff("dana")
    assert "it waits" in press(dana, "grant_photos", alice.agency.pk, **MANY)
    assert "already" in press(dana, "grant_photos", alice.agency.pk, **{**MANY, "photos": "90"})
    assert StaffProposal.objects.count() == 1


def test_what_is_taken_back_is_never_done(alice: Cast) -> None:
    _user, dana = staff("dana")
    press(dana, "grant_photos", alice.agency.pk, **MANY)
    assert "Say why" in decide(dana)
    assert decide(dana, reason="the wrong agency") == "Done."
    assert "decided before" in decide(staff("erin")[1], confirm="1")
    assert balances(alice) == (10, 0, 0)
    written = AuditEntry.objects.filter(action__startswith="staff.").order_by("created_at")
    assert [row.reason for row in written] == [WHY, "the wrong agency"]


def test_who_may_not_do_it_may_not_confirm_it(alice: Cast) -> None:
    press(staff("dana")[1], "grant_photos", alice.agency.pk, **MANY)
    _user, reader = staff("erin", "support")
    proposal = StaffProposal.objects.get()
    assert WHY not in reader.get(reverse("desk:proposals")).content.decode()
    page = reverse("desk:decide", args=[proposal.pk])
    assert reader.post(page, {"confirm": "1"}).status_code == 403
    assert balances(alice) == (10, 0, 0)


def test_the_database_refuses_to_let_one_do_both(alice: Cast) -> None:
    dana, client = staff("dana")
    press(client, "grant_photos", alice.agency.pk, **MANY)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffProposal.objects.update(confirmed=True, decided_by=dana)


def test_a_lost_second_factor(alice: Cast) -> None:
    user = LOCKED_OUT.make(alice)
    _dana, dana = staff("dana")
    assert "second person" in press(dana, "take_second_factor", user.pk)
    assert Authenticator.objects.filter(user=user).exists()
    assert decide(staff("erin")[1], confirm="1") == "Done."
    assert not Authenticator.objects.filter(user=user).exists()
    assert alice.owner.notifications.filter(kind="second_factor").exists()
    assert "There is none." in press(dana, "take_second_factor", user.pk)


def test_a_second_factor_that_is_newer_than_what_was_proposed(alice: Cast) -> None:
    """It may be of the person who had lost the other: nobody has asked for it to go."""
    user = LOCKED_OUT.make(alice)
    press(staff("dana")[1], "take_second_factor", user.pk)
    kinds = (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES)
    _user, erin = staff("erin")
    for kind in kinds:
        Authenticator.objects.create(user=user, type=kind, data={})
        assert "after this was proposed" in decide(erin, confirm="1")
        assert Authenticator.objects.filter(user=user).count() == 2
        Authenticator.objects.filter(user=user, type=kind).delete()
    assert decide(erin, confirm="1") == "Done."


def test_a_week_later_it_is_only_taken_back(alice: Cast) -> None:
    press(staff("dana")[1], "grant_photos", alice.agency.pk, **MANY)
    backdate(StaffProposal.objects.get(), 7 * 24 * 3600, "proposed_at")
    _user, erin = staff("erin")
    page = erin.get(reverse("desk:proposals")).content.decode()
    assert "older than seven days" in page and "Confirm and do it" not in page
    assert "older than seven days" in decide(erin, confirm="1")
    assert balances(alice) == (10, 0, 0)
    assert decide(erin, reason="too old") == "Done."


def test_a_target_that_is_gone(alice: Cast) -> None:
    dana, _client = staff("dana")
    erin, other = staff("erin")
    proposal = StaffProposal.objects.create(
        command="take_second_factor", target_id=alice.agency.pk, reason=WHY, proposed_by=dana
    )
    assert "gone" in other.get(reverse("desk:proposals")).content.decode()
    with pytest.raises(NotNow, match="gone"):
        proposals.confirm(proposal.pk, erin)
    assert "gone" in decide(other, confirm="1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_confirm_at_once(alice: Cast) -> None:
    dana, _client = staff("dana")
    erin, _other = staff("erin")
    filled = {**MANY, "reason": WHY, "once": str(alice.agency.pk)}
    form = GRANT.command.form_class(filled)
    assert form.is_valid()
    many = GRANT.press(str(dana.pk))
    many = type(many)(many.actor_id, WHY, form.cleaned_data)
    assert proposals.propose(GRANT.command, alice.agency, many)
    pk = StaffProposal.objects.get().pk
    assert sorted(at_once(*[partial(proposals.confirm, pk, erin)] * 3)) == [False, False, True]
    assert balances(alice) == (61, 0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_fifty_and_fifty_in_the_same_instant(alice: Cast) -> None:
    """Each alone is few; the second adds up what the first has moved."""
    both = threading.Barrier(2)

    def slowly(agency: Any, fields: Any) -> bool:
        """While the other has come as far, if nothing keeps it waiting."""
        is_much = GRANT.command.second_person(agency, fields)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return is_much

    command = replace(GRANT.command, second_person=slowly)
    case = replace(GRANT, fields={**PHOTOS, "photos": str(ALONE)})
    presses = [case.press(name) for name in ("dana", "erin")]
    done = at_once(*[partial(command.work_alone, alice.agency, each) for each in presses])
    assert sorted(done, key=bool) == [None, True]
    assert balances(alice) == (60, 0, 0)
