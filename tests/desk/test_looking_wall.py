"""While staff look as a customer nothing is changed and no secret is shown, at any address."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import seen
from accounts.choices import NotificationKind
from accounts.models import AuditEntry, Notification
from accounts.notifications import notify
from projects.choices import Source
from projects.desk.looking import rules
from projects.desk.looking.rules import Rule, decided, rule_of
from projects.models import Generation, GenerationEvent
from projects.views import pages
from tests.conftest import Cast, signed_in
from tests.desk.looks import DESK, look, supporter
from tests.test_isolation import arguments, job, routes  # noqa: F401

pytestmark = pytest.mark.django_db
SHOWN = sorted(name for name, _pattern in routes() if decided(name) is Rule.SHOWN)
REFUSED = sorted(name for name, _p in routes() if decided(name) not in (Rule.SHOWN, Rule.OWN))
# What the addresses of nobody in particular are called with.
ANYTHING: dict[str, object] = {
    "token": "x", "name": "x", "rest": "x", "digest": "0" * 16, "slug": "generations",
    "page": "conditions", "position": 1, "side": "after", "uidb36": "1", "key": "x-x", "pk": 1,
    "event_id": uuid4(),
    "iacrea_user_id": uuid4(), "agency_id": uuid4(),
}  # fmt: skip


@pytest.fixture
def dana(db: None) -> Client:
    return supporter()


# What is the agency's own, once for all addresses.
OWN = {
    "project_id", "generation_id", "upload_id", "picture_id", "width", "kind", "form", "link_id",
    "comment_id", "member_id", "invitation_id", "account_id", "key_id", "endpoint_id",
    "delivery_id", "call_id",
}  # fmt: skip


@pytest.fixture
def addresses(job: Generation) -> dict[str, str]:  # noqa: F811
    """Of each route with what there is, else with anything."""
    own = SimpleNamespace(pattern=SimpleNamespace(converters=dict.fromkeys(OWN)))
    values = ANYTHING | arguments(own, job)  # type: ignore[arg-type]
    patterns = dict(routes())
    return {name: address(name, patterns[name].pattern, values) for name in [*SHOWN, *REFUSED]}


def address(name: str, pattern: Any, values: dict[str, object]) -> str:
    names = set(pattern.converters) | set(pattern.regex.groupindex)
    found = {each: values[each] for each in names}
    try:
        return reverse(name, kwargs=found)
    except NoReverseMatch:  # allauth's passkeys have their number in the part above
        return reverse(name, kwargs=found | {"pk": 1})


def every_row() -> dict[str, list[Any]]:
    """But the session's own, and the audit trail's."""
    models = [model for model in apps.get_models() if model not in (Session, AuditEntry)]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models
    }


# --- Every address is decided


def test_each_address_is_shown_or_refused_by_a_rule() -> None:
    undecided = [name for name, _pattern in routes() if decided(name) is None]
    assert not undecided, "say in projects/desk/looking/rules.py what staff see of these"
    assert len(SHOWN) > 30 and len(REFUSED) > 80


def test_each_rule_has_its_address() -> None:
    names = {name for name, _pattern in routes()}
    assert set(rules._RULES) <= names
    for begin in rules._FAMILIES:
        assert any(name.startswith(begin) for name in names), begin
    lists = (rules._SHOWN, rules._CHANGES, rules._SECRETS, rules._BULK, rules._ELSEWHERE)
    words = " ".join(lists).split()
    assert len(words) == len(set(words))


# --- Nothing is changed


def test_every_page_that_is_shown_opens_and_writes_nothing(
    dana: Client,
    alice: Cast,
    job: Generation,  # noqa: F811
    addresses: dict[str, str],
) -> None:
    """With what would be marked as seen, were the member there."""
    Generation.objects.filter(pk=job.pk).update(
        source=Source.DASHBOARD, author=alice.owner, ended_at=timezone.now()
    )
    notify(alice.owner, NotificationKind.READY, {"project_id": str(job.project_id)})
    urls = {name: addresses[name] for name in SHOWN}
    look(dana, alice.owner)
    dana.get("/")
    before, audited = every_row(), AuditEntry.objects.count()
    for name, url in urls.items():
        for verb in (dana.get, dana.head):
            answer = verb(url)
            found = b"".join(answer) if answer.streaming else answer.content
            expected = (404,) if name in ("media:logo", "media:theme") else (200, 302, 304)
            assert answer.status_code in expected, (name, answer.status_code, found[:300])
            assert answer["Cache-Control"] == "no-store", name
    assert every_row() == before and AuditEntry.objects.count() == audited
    # Were it the member, two of the pages would write.
    owner = signed_in(alice.owner)
    owner.get(urls["projects:detail"])
    owner.get(urls["projects:notifications"])
    assert GenerationEvent.objects.filter(generation=job, kind="seen").exists()
    assert not Notification.objects.filter(member=alice.owner, read_at=None).exists()


def test_no_verb_but_reading_gets_through(
    dana: Client, alice: Cast, addresses: dict[str, str]
) -> None:
    urls = [addresses[name] for name in [*SHOWN, *REFUSED]]
    look(dana, alice.owner)
    dana.get("/")
    before = every_row()
    for url in urls:
        for verb in (dana.post, dana.put, dana.patch, dana.delete):
            answer = verb(url)
            assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD", (url, answer)
            assert answer["Cache-Control"] == "no-store", url
    assert every_row() == before
    assert "you may only look" in answer.content.decode()


def test_what_is_refused_is_refused_before_its_view(
    dana: Client, alice: Cast, addresses: dict[str, str]
) -> None:
    """Secrets, archives, other people's doors; and the API, which asks a key of everybody."""
    urls = {name: addresses[name] for name in REFUSED}
    look(dana, alice.owner)
    dana.get("/")
    before = every_row()
    for name, url in urls.items():
        answer = dana.get(url)
        assert answer.status_code == 403, (name, answer.status_code)
        assert answer["Cache-Control"] == "no-store", name
        assert str(rule_of(name).value) in answer.content.decode(), name
    assert every_row() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_a_page_that_writes_in_answer_to_a_get_is_stopped(
    dana: Client,
    alice: Cast,
    job: Generation,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever forgets to ask who looks: the statement does not reach the database."""
    Generation.objects.filter(pk=job.pk).update(
        source=Source.DASHBOARD, author=alice.owner, ended_at=timezone.now()
    )
    monkeypatch.setattr(pages, "is_looked_at", lambda _request: False)
    look(dana, alice.owner)
    page = reverse("projects:detail", args=[job.project_id])
    assert dana.get(page).status_code == 403
    assert not GenerationEvent.objects.filter(generation=job, kind="seen").exists()
    assert signed_in(alice.owner).get(page).status_code == 200
    assert GenerationEvent.objects.filter(generation=job, kind="seen").exists()


def test_the_members_session_list_knows_nothing_of_it(dana: Client, alice: Cast) -> None:
    look(dana, alice.owner)
    seen._written.clear()
    dana.get("/")
    known = UserSession.objects.filter(session_key=dana.session.session_key)
    assert [str(row.user) for row in known] == ["Dana"]
    assert not UserSession.objects.filter(user=alice.owner.user).exists()


def test_without_its_cookie_one_is_oneself(dana: Client, alice: Cast) -> None:
    look(dana, alice.owner)
    del dana.cookies["looking"]
    assert dana.get("/").headers.get("Location") == DESK
    stranger = Client()
    stranger.cookies["looking"] = "1"
    assert stranger.get("/").status_code == 302
    assert signed_in(alice.owner).get("/").status_code == 200


# --- What it costs


def test_who_does_not_look_pays_nothing_and_who_does_little(
    dana: Client,
    alice: Cast,
    job: Generation,  # noqa: F811
) -> None:
    page = reverse("projects:detail", args=[job.project_id])
    member = signed_in(alice.owner)
    costs = []
    look(dana, alice.owner)
    for client in (member, dana):
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0] + 4, costs
