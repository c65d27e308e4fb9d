"""Every command: its effect is told before, it has one effect and one audit entry whoever presses
how often, nothing of it stays when it dies in the middle, and who may not is refused."""

from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry, User
from accounts.staff import command as staff
from accounts.staff import pages
from accounts.staff.command import NotNow
from tests.conftest import Cast
from tests.desk.commands import CASES, ELSEWHERE, WHY, Case
from tests.desk.test_actions import PASSWORD, once_in, said
from tests.projects.jobs import at_once

pytestmark = pytest.mark.django_db
OURS = ("accounts", "iacrea", "webhooks", "projects", "mfa")
ENGLISH = {"accept-language": "en"}
each_command = pytest.mark.parametrize("case", CASES, ids=str)


def person(*permissions: str) -> Client:
    """Who may look at everything, and do that."""
    user = User.objects.create_user("dana@example.org", PASSWORD, is_staff=True)
    may = Permission.objects.filter(codename__in=permissions)
    user.user_permissions.set(may | Permission.objects.filter(codename__startswith="view_"))
    client = Client(headers=ENGLISH)
    client.force_login(user)
    return client


def page_of(case: Case, row: Model) -> str:
    return reverse("desk:command", args=[case.name, row.pk])


def written() -> list[tuple[str, str]]:
    """What the staff person is on record with."""
    dana = str(User.objects.get(email="dana@example.org").pk)
    return [(row.target, row.reason) for row in AuditEntry.objects.filter(actor_id=dana)]


def all_rows() -> dict[str, list[Any]]:
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in models}


def test_every_command_is_here() -> None:
    assert set(staff._registry) == {case.name for case in CASES} | ELSEWHERE


@each_command
def test_the_effect_is_told_and_happens_once(alice: Cast, case: Case) -> None:
    dana, row = person("support", "money"), case.make(alice)
    page = page_of(case, row)
    asked = dana.get(page)
    filled = {**case.fields, "reason": WHY, "once": once_in(asked), "press": "1"}
    if case.command.form_class.decides:
        before = all_rows()
        asked = dana.post(page, filled)
        assert all_rows() == before, "it was only shown"
        filled["told"] = asked.context["told"]
    assert case.tells in asked.content.decode() and not written()
    assert "1 row: done." in said(dana.post(page, filled, follow=True))
    assert [reason for _target, reason in written()] == [WHY]
    after = all_rows()
    answer = said(dana.post(page, filled, follow=True))
    assert answer and "done" not in answer
    assert all_rows() == after


def pressed(client: Client, case: Case, page: str) -> dict[str, Any]:
    """What a page sends that was filled in, and has shown its effect."""
    filled = {**case.fields, "reason": WHY, "once": once_in(client.get(page)), "press": "1"}
    if case.command.form_class.decides:
        filled["told"] = client.post(page, filled).context["told"]
    assert "1 row: done." in said(client.post(page, filled, follow=True))
    return filled


@each_command
def test_a_page_is_one_press_whatever_came_since(alice: Cast, case: Case) -> None:
    """Its mail was sent, its message failed once more, a colleague has paused the account again:
    it could be done a second time."""
    dana, row = person("support", "money"), case.make(alice)
    rows = type(row)._default_manager.filter(pk=row.pk)
    as_it_was = rows.values().get()
    filled = pressed(dana, case, page_of(case, row))
    rows.update(**as_it_was)
    before = all_rows()
    assert "already resolved" in said(dana.post(page_of(case, row), filled, follow=True))
    assert all_rows() == before


def test_a_twin_that_looked_too_early(alice: Cast, monkeypatch: Any) -> None:
    """It sees no entry; the database does."""
    dana, case = person("support", "money"), next(c for c in CASES if c.name == "mail_again")
    row = case.make(alice)
    filled = pressed(dana, case, page_of(case, row))
    type(row)._default_manager.filter(pk=row.pk).update(mail_due=False)
    before, looks = all_rows(), iter([False])
    monkeypatch.setattr(pages, "is_recorded", lambda _entry: next(looks, True))
    assert "already resolved" in said(dana.post(page_of(case, row), filled, follow=True))
    assert all_rows() == before


@each_command
def test_without_a_reason_nothing_happens(alice: Cast, case: Case) -> None:
    dana, row = person("support", "money"), case.make(alice)
    before = all_rows()
    once = once_in(dana.get(page_of(case, row)))
    filled = {**case.fields, "reason": "  ", "press": "1", "once": once}
    answer = dana.post(page_of(case, row), filled)
    assert answer.status_code == 200 and 'name="reason"' in answer.content.decode()
    assert all_rows() == before


@each_command
def test_it_needs_its_permission(alice: Cast, case: Case) -> None:
    wrong = "money" if case.command.permission == staff.SUPPORT else "support"
    dana, row = person(wrong), case.make(alice)
    before = all_rows()
    for call in (dana.get, partial(dana.post, data={"press": "1", **case.fields, "reason": WHY})):
        assert call(page_of(case, row)).status_code == 403
    assert all_rows() == before


class Killed(BaseException):
    """As a process that dies there."""


@each_command
def test_dying_in_the_middle_leaves_nothing(alice: Cast, case: Case, monkeypatch: Any) -> None:
    row = case.make(alice)
    before = all_rows()

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(audit.AuditEntry.objects, "create", die)
        case.command.work(row, case.press("dana"))
    assert all_rows() == before
    row.refresh_from_db()
    assert case.command.work(row, case.press("dana"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_at_once_have_one_effect(alice: Cast) -> None:
    for case in CASES:
        row = case.make(alice)
        press = case.press("dana")
        assert sorted(at_once(*[partial(_tried, case, row, press)] * 2)) == [False, True], case
        entries = AuditEntry.objects.filter(actor_id="dana", reason=WHY)
        assert entries.count() == 1, case
        entries.update(reason="")


def _tried(case: Case, row: Model, press: Any) -> bool:
    """With what its page knew when it was opened."""
    try:
        return case.command.work(type(row)._default_manager.get(pk=row.pk), press)
    except NotNow:
        return False


def test_a_button_that_cannot_be_pressed_says_why(alice: Cast) -> None:
    dana = person("support", "money")
    case = next(case for case in CASES if case.name == "refund")
    row = case.make(alice)
    page = reverse("admin:projects_generation_change", args=[row.pk])
    html = dana.get(page).content.decode()
    assert page_of(case, row) in html, "it can be refunded"
    assert "iacrea can only be asked about a job" in html
    assert case.command.work(row, case.press("dana"))
    html = dana.get(page).content.decode()
    assert page_of(case, row) not in html and "It was given back already." in html


def test_what_is_no_command_or_no_row_is_404(alice: Cast) -> None:
    dana = person("support", "money")
    for name, pk in (("nothing", alice.agency.pk), ("refund", alice.agency.pk)):
        assert dana.get(reverse("desk:command", args=[name, pk])).status_code == 404
