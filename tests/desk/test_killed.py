"""kill -9 in the middle of every command: whoever pressed got no answer, and sends the page again.
What began is undone or whole, and at the end there is one effect with one audit entry."""

import signal
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from accounts.models import Agency, AuditEntry, StaffProposal
from tests.conftest import Cast
from tests.desk.commands import CASES, LOCKED_OUT, PHOTOS, WHY, Case
from tests.desk.dying import AFTER_COMMIT, ENTRY, MOMENTS, Die, dying
from tests.desk.test_commands import all_rows, page_of
from tests.desk.test_proposals import GRANT, MANY, staff
from tests.projects.jobs import balances, unconfirmed, use_upstream
from tests.projects.test_idempotency_kills import database_url
from tests.projects.upstream import Upstream
from tests.test_admin import address

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]
BIND = Case("bind", unconfirmed, {"upstream_id": "up-9"})
GRANT_MANY = Case(GRANT.name, GRANT.make, MANY)
at_each_moment = pytest.mark.parametrize("moment", MOMENTS)


@pytest.fixture
def die(transactional_db: None) -> Iterator[Die]:
    with dying(database_url()) as ready:
        yield ready


@at_each_moment
def test_every_command(alice: Cast, die: Die, moment: str) -> None:
    _user, dana = staff("dana")
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        for case in [*CASES, BIND]:
            page = page_of(case, case.make(alice))
            has_one_effect(dana, page, filled(dana, page, case), die, moment, "1 row: done.")
    assert books().endswith(" 0 differences\n")


@at_each_moment
def test_what_two_do(alice: Cast, die: Die, moment: str) -> None:
    (_, dana), (_, erin) = staff("dana"), staff("erin")
    for case in (GRANT_MANY, LOCKED_OUT):
        page = page_of(case, case.make(alice))
        waits = "waits for a second person now"
        has_one_effect(dana, page, filled(dana, page, case), die, moment, waits)
        page = reverse("desk:decide", args=[StaffProposal.objects.get(decided_at=None).pk])
        has_one_effect(erin, page, {"confirm": "1"}, die, moment, "Done.")
    assert books().endswith(" 0 differences\n")


def test_a_list_that_was_half_done(alice: Cast, charlie: Cast, die: Die) -> None:
    """Each row is a transaction of its own: the first was committed, the second had not begun."""
    _user, dana = staff("dana")
    page = address(Agency, "changelist")
    rows = {"action": GRANT.name, "_selected_action": [str(c.agency.pk) for c in (alice, charlie)]}
    once = str(dana.post(page, rows).context["form"]["once"].value())
    sent = {**rows, **PHOTOS, "reason": WHY, "once": once, "press": "1", "told": "5|live"}
    assert die(page, sent, cookie(dana), AFTER_COMMIT)[0] == -signal.SIGKILL
    assert {balances(alice), balances(charlie)} == {(10, 0, 0), (15, 0, 0)}
    assert send(dana, page, sent) == "1 row: done."
    assert balances(alice) == balances(charlie) == (15, 0, 0)
    assert AuditEntry.objects.filter(action="photos.granted", reason=WHY).count() == 2


def has_one_effect(
    client: Client, page: str, sent: dict[str, Any], die: Die, moment: str, done: str
) -> None:
    """Killed, it leaves nothing or all of it; sent again, it does what is missing and no more."""
    before, entries = state(), AuditEntry.objects.count()
    code, wrote = die(page, sent, cookie(client), moment)
    assert code == -signal.SIGKILL and set(wrote) - {ENTRY}, (page, wrote)
    killed, is_whole = state(), moment == AFTER_COMMIT
    assert bool(changed(before, killed)) == is_whole, page
    assert (done in send(client, page, sent)) != is_whole, page
    assert bool(changed(killed, state())) != is_whole, page
    assert AuditEntry.objects.count() == entries + 1, page


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def filled(client: Client, page: str, case: Case) -> dict[str, Any]:
    """As it is sent for good: its effect was shown."""
    form = client.get(page).context["form"]
    sent = {**case.fields, "reason": WHY, "once": str(form["once"].value()), "press": "1"}
    return {**sent, "told": client.post(page, sent).context["told"]} if form.decides else sent


def send(client: Client, page: str, sent: dict[str, Any]) -> str:
    """What the person is told; earlier words wait beside it for a page that shows them."""
    answer = client.post(page, sent)
    assert answer.status_code == 302
    *_earlier, told = get_messages(answer.wsgi_request)
    return str(told)


def state() -> dict[str, Any]:
    """Hints are part of it: with one too many a mail is sent twice."""
    return {**all_rows(), "hints": sorted(OrmQ.objects.values_list("pk", flat=True))}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, rows in after.items() if rows != before[name]]


def books() -> str:
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    return out.getvalue()
