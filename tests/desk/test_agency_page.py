"""Support's page of an agency: what it shows, what it keeps to itself, and the notes on it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.choices import Mode, Role, StaffReason
from accounts.models import Agency, ApiKey, AuditEntry, PhotoLot, StaffNote, User
from accounts.photo_requests import ask
from accounts.services import add_member, grant_pack, set_plan
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, WebhookEndpoint
from integrations.webhooks.services import send_ping
from projects import lifecycle
from projects.desk.agency import agency_with, page_of
from projects.desk.notes import add_note
from projects.models import Generation
from projects.sharing.services import create_link
from tests.conftest import Cast
from tests.developers.pages import endpoint, planted_call
from tests.garden import processing_generation, succeeded_generation
from tests.test_admin import address, inline, secrets_of

pytestmark = pytest.mark.django_db
READS = (
    "accounts.view_agency", "accounts.view_membership", "accounts.view_apikey",
    "accounts.view_staffnote", "accounts.view_auditentry", "webhooks.view_webhookendpoint",
)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def staff(*permissions: str, email: str = "rita@example.org") -> Client:
    user = User.objects.create_user(email, "a password", is_staff=True, name=email[:4])
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def rita(db: None) -> Client:
    return staff(*READS)


@pytest.fixture
def tom(db: None) -> Client:
    return staff(*READS, "accounts.support", email="tom@example.org")


def page(client: Client, cast: Cast) -> str:
    answer = client.get(address(Agency, "change", cast.agency.pk))
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(html: str) -> str:
    """As it is read: without tags, in single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def figures(cast: Cast) -> dict[str, dict[str, int]]:
    agency = agency_with(cast.agency.pk)
    assert agency
    return page_of(agency).figures


def test_photos_are_those_of_the_lots_and_the_ledger(alice: Cast, rita: Client) -> None:
    succeeded_generation(alice), processing_generation(alice, "upstream-2")
    set_plan(agency=alice.agency, photos_per_month=40, actor_id="dana")
    text = words(page(rita, alice))
    assert "Live 8 1 1" in text and "This month, live: 10 given, 1 charged." in text
    assert "Plan: 40 photos a month." in text
    PhotoLot.objects.filter(mode=Mode.LIVE).update(usable_until=timezone.now())
    assert "Live 0 1 1" in words(page(rita, alice)), "it expired, and the sweep has yet to come"


def test_what_was_moved_before_this_month_is_not_of_it(alice: Cast) -> None:
    future = timezone.now() + timedelta(days=40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projects.desk.agency.timezone.now", lambda: future)
        assert "month" not in figures(alice)


def test_each_part_is_the_agencys_own(alice: Cast, charlie: Cast, rita: Client) -> None:
    grant_pack(
        agency=charlie.agency,
        mode=Mode.LIVE,
        photos=70,
        actor_id="dana",
        reason=StaffReason.COURTESY,
    )
    planted_call(ApiKey.objects.filter(agency=charlie.agency)[0], status=500)
    endpoint(charlie, "https://charlie.example.org/")
    ask(charlie.owner, photos=3)
    html = page(rita, alice)
    assert "harlie" not in html and "<code>500" not in html  # an id may hold 500
    assert "requests for photos: 0;" in html


def test_errors_of_seven_days_by_their_codes(alice: Cast, rita: Client) -> None:
    assert lifecycle.expire(processing_generation(alice, "u-1"))
    assert lifecycle.fail_upstream(processing_generation(alice, "u-2"))
    old = processing_generation(alice, "u-3")
    assert lifecycle.expire(old)
    long_ago = timezone.now() - timedelta(days=8)
    Generation.objects.filter(pk=old.pk).update(created_at=long_ago)
    key = ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE)
    for status, code in ((422, "invalid_fields"), (422, "invalid_fields"), (429, ""), (200, "")):
        planted_call(key, status=status, code=code)
    planted_call(key, status=500, called_at=long_ago)
    ping = send_ping(endpoint(alice).pk)
    kept = Delivery.objects.filter(pk=ping.pk)
    kept.update(state=DeliveryState.FAILED, error="", status_code=503)
    found = figures(alice)
    assert found["failed_jobs"] == {"timed_out": 1, "generation_failed": 1}
    assert found["refused_calls"] == {"422 invalid_fields": 2, "429 ": 1}
    assert found["failed_deliveries"] == {"503": 1}
    kept.update(error="timeout")
    assert figures(alice)["failed_deliveries"] == {"timeout": 1}
    html = page(rita, alice)
    assert "<code>422 invalid_fields</code> × 2, <code>429 </code> × 1" in html
    assert "<code>timeout</code> × 1" in html


def test_what_is_open_and_what_is_shared(alice: Cast, rita: Client) -> None:
    assert lifecycle.expire(processing_generation(alice, "u-1"))
    ask(alice.owner, photos=3)
    job = succeeded_generation(alice, "u-2")
    links = [
        create_link(project=job.project, author=alice.owner, generations=[job]) for _ in range(3)
    ]
    for link, fields in zip(links, ({"revoked_at": timezone.now()}, {}), strict=False):
        type(link).objects.filter(pk=link.pk).update(**fields) if fields else None
    text = words(page(rita, alice))
    assert "Open complaints: 0; requests for photos: 1; discrepancies: 1" in text
    assert "Share links that are open: 2; that are over: 1 (the newest:" in text


def test_people_keys_and_endpoints(alice: Cast, rita: Client) -> None:
    user = User.objects.create_user("gone@example.org", "a password", name="Gone")
    gone = add_member(agency=alice.agency, user=user, role=Role.MANAGER)
    type(gone).objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    seen = timezone.now() - timedelta(days=3)
    User.objects.filter(pk=alice.owner.user_id).update(last_login=seen)
    ApiKey.objects.filter(mode=Mode.TEST).update(revoked_at=timezone.now())
    rows = WebhookEndpoint.objects.filter(pk=endpoint(alice).pk)
    rows.update(failing_since=timezone.now())
    html = page(rita, alice)
    members = [row.user.name for row in page_of(alice.agency).members]
    assert members == ["Alice", "Gone"] and "gone@example.org" in html and "Manager" in html
    assert alice.api_key[:15] in html and "revoked on" in html and "active" in html
    assert "failing since" in html
    rows.update(disabled_at=timezone.now(), disabled_reason="gone")
    assert "It answered 410 Gone" in page(rita, alice)
    rows.update(deleted_at=timezone.now())
    assert rows.get().url not in page(rita, alice)


def test_last_seen_is_a_session_and_else_the_sign_in(alice: Cast, alice_client: Client) -> None:
    (member,) = page_of(alice.agency).members
    assert member.seen_at == member.user.last_login
    alice_client.get("/projets/")
    (member,) = page_of(alice.agency).members
    assert member.seen_at and member.seen_at >= member.user.last_login


def test_no_secret_and_no_foreign_markup_is_on_the_page(alice: Cast) -> None:
    job = succeeded_generation(alice)
    create_link(project=job.project, author=alice.owner, generations=[job], with_code=True)
    hook = endpoint(alice)
    evil = "<script>alert(1)</script>"
    Agency.objects.filter(pk=alice.agency.pk).update(name=f"{evil}&q=1")
    User.objects.filter(pk=alice.owner.user_id).update(name=evil)
    WebhookEndpoint.objects.filter(pk=hook.pk).update(url=f"https://example.org/{evil}")
    ApiKey.objects.update(name=evil)
    dana = User.objects.create_superuser("dana@example.org", "a password", name=evil)
    add_note(alice.agency, author=dana, text=f"{evil}\nline two", form_id=uuid4())
    client = Client()
    client.force_login(dana)
    planted_call(ApiKey.objects.filter(agency=alice.agency)[0], status=400, code=evil)
    html = page(client, alice)
    assert "<script>alert" not in html and html.count("&lt;script&gt;alert(1)") >= 6
    assert inline(html) == []
    assert [secret for secret in secrets_of(alice) if secret in html] == []


def test_lists_are_searched_for_the_agency(alice: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("dana@example.org", "a password"))
    html = page(client, alice)
    addresses = re.findall(r'<li><a href="([^"]+\?q=Alice)"', html)
    assert len(addresses) == 15
    for each in addresses:
        assert client.get(each).status_code == 200, each


# --- Who may do what


def note(client: Client, cast: Cast, text: str = "calls on Mondays", **fields: Any) -> Any:
    here = reverse("desk:agency_note", args=[cast.agency.pk])
    return client.post(here, {"text": text, "once": str(uuid4()), **fields})


def test_a_note_is_kept_once_with_its_entry(alice: Cast, tom: Client, rita: Client) -> None:
    once = str(uuid4())
    for _ in range(2):
        answer = note(tom, alice, once=once)
        assert answer["Location"] == address(Agency, "change", alice.agency.pk)
    (kept,) = StaffNote.objects.all()
    entry = AuditEntry.objects.get(action="agency.note")
    author = User.objects.get(email="tom@example.org")
    assert (kept.agency, kept.author, kept.text) == (alice.agency, author, "calls on Mondays")
    assert (entry.agency, entry.actor_id, entry.target) == (
        alice.agency, str(author.pk), str(kept.pk),
    )  # fmt: skip
    assert "Mondays" not in f"{entry.reason}{entry.detail}", "the agency may read this one"
    assert "calls on Mondays" in page(rita, alice)


def test_the_newest_note_is_first(alice: Cast, tom: Client) -> None:
    for text in ("first", "second"):
        note(tom, alice, text)
    html = page(tom, alice)
    assert html.index("second") < html.index("first")


def test_a_note_and_its_entry_stand_or_fall_together(
    alice: Cast, tom: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("projects.desk.notes.audit.record", broken)
    with pytest.raises(RuntimeError):
        note(tom, alice)
    assert not StaffNote.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_what_is_no_note_is_refused_with_its_words(alice: Cast, tom: Client, text: str) -> None:
    answer = note(tom, alice, text)
    html = answer.content.decode()
    assert answer.status_code == 200 and "errorlist" in html and text.strip() in html
    assert not StaffNote.objects.exists()


def test_who_reads_and_who_writes(alice: Cast, rita: Client, tom: Client, client: Client) -> None:
    html = page(rita, alice)
    assert "<textarea" not in html and "Notes" in html and "<textarea" in page(tom, alice)
    nobody = staff("projects.view_generation", "accounts.support", email="n@example.org")
    here = address(Agency, "change", alice.agency.pk)
    assert nobody.get(here).status_code == 403
    for refused in (rita, nobody):
        assert note(refused, alice).status_code == 403
    for someone in (client, Client()):
        assert someone.get(here).status_code == 302 == note(someone, alice).status_code
        someone.force_login(alice.owner.user)
    assert not StaffNote.objects.exists()


def test_a_part_is_shown_to_who_may_see_its_rows(alice: Cast) -> None:
    note(staff(*READS, "accounts.support", email="tom@example.org"), alice)
    few = page(staff("accounts.view_agency"), alice)
    for hidden in ("Mondays", "alice@example.org", alice.api_key[:15], "agency.note"):
        assert hidden not in few
    assert "Photos" in few


def test_nothing_else_is_taken(alice: Cast, tom: Client) -> None:
    here = address(Agency, "change", alice.agency.pk)
    assert tom.post(here, {"name": "Mine", "_save": "1"}).status_code == 403
    nowhere = [address(Agency, "change", uuid4()), reverse("desk:agency_note", args=[uuid4()])]
    assert tom.get(nowhere[0]).status_code == 404
    assert tom.post(nowhere[1], {"text": "x", "once": str(uuid4())}).status_code == 404
    assert tom.get(reverse("desk:agency_note", args=[alice.agency.pk])).status_code == 405


def test_it_costs_the_same_however_much_there_is(alice: Cast) -> None:
    may = (*READS, "accounts.support", "accounts.money", "accounts.security")
    tom = staff(*may, email="tom@example.org")

    def cost() -> list[str]:
        page(tom, alice)
        with CaptureQueriesContext(connection) as queries:
            page(tom, alice)
        return [query["sql"] for query in queries]

    few = cost()
    for number in range(12):
        user = User.objects.create_user(f"m{number}@example.org", "a password")
        add_member(agency=alice.agency, user=user, role=Role.MEMBER)
        planted_call(ApiKey.objects.filter(agency=alice.agency)[0], status=400 + number)
        endpoint(alice, f"https://h{number}.example.org/")
        note(tom, alice, f"note {number}")
        lifecycle.expire(processing_generation(alice, f"u-{number}")) if number < 9 else None
    many = cost()
    assert len(many) == len(few) <= 12, [sql[:120] for sql in many]
