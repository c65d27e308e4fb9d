"""The Usage page: whom it is for, what it shows of the ledger, and what it costs."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import EntryKind, Mode, Role, StaffReason
from accounts.models import LedgerEntry, Membership, User
from accounts.services import add_member, refund_captured_photos
from projects import keeping, lifecycle
from projects.models import Generation
from tests.conftest import Cast, signed_in
from tests.garden import queued_generation, succeeded_generation
from tests.usage.ledgers import first_lot, write

pytestmark = pytest.mark.django_db
USAGE = "/utilisation"


def read(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"{USAGE}{query}", headers={"accept-language": "en"})
    assert answer.status_code == status
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def bill(html: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", html))


def rows(html: str) -> list[str]:
    """The movements, in words."""
    found = re.findall(r'<tr role="row" id="e-.*?</tr>', html)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def refunded(cast: Cast) -> Generation:
    job = succeeded_generation(cast)
    refund_captured_photos(
        agency=cast.agency, mode=Mode.LIVE, generation_id=job.pk, actor_id="dana",
        reason=StaffReason.BAD_PICTURE,
    )  # fmt: skip
    return job


@pytest.mark.parametrize(
    ("role", "page", "form"),
    [
        (Role.OWNER, 200, 200),
        (Role.MANAGER, 200, 200),
        (Role.MEMBER, 200, 403),
        (Role.VIEWER, 403, 403),
        (Role.INTEGRATOR, 403, 403),
    ],
)
def test_whom_it_is_for(alice: Cast, role: Role, page: int, form: int) -> None:
    user = User.objects.create_user("eve@example.org", "a password for tests")
    client = signed_in(add_member(agency=alice.agency, user=user, role=role))
    for path, status in ((USAGE, page), (f"{USAGE}/csv", page), (f"{USAGE}/demande", form)):
        assert client.get(path).status_code == status, path
    assert client.post(f"{USAGE}/demande", {"photos": "5"}).status_code in (form, 302)
    assert ("demande" in client.get(USAGE).content.decode()) == (form == 200)


def test_a_bill_that_adds_up_and_every_movement(alice: Cast, alice_client: Client) -> None:
    refunded(alice)
    assert lifecycle.cancel(queued_generation(alice), actor_id="")
    queued_generation(alice)
    html = read(alice_client)
    assert bill(html) == {
        "Left from before": "0", "Granted": "+10", "Refunded": "+1", "Charged": "−1",
        "Adjusted": "0", "Expired": "0", "Left now": "10",
        "of these, held for pictures in progress": "1", "Available": "9",
    }  # fmt: skip
    assert "1 photo was held and given back" in html
    kinds = [re.search(r"(Granted|Held|Charged|Given back|Refunded)", row)[0] for row in rows(html)]
    assert kinds == ["Held", "Given back", "Held", "Refunded", "Charged", "Held", "Granted"]
    left = [int(found) for found in re.findall(r'data-name="Available after">(\d+)<', html)]
    assert left == [9, 10, 9, 10, 9, 9, 10]


def test_a_charge_and_its_refund_lead_to_each_other(alice: Cast, alice_client: Client) -> None:
    """Wherever the other one is: its link narrows the list to the job, whatever the days are."""
    job = refunded(alice)
    entries = {row.kind: row.pk for row in LedgerEntry.objects.filter(generation_id=job.pk)}
    html = read(alice_client, f"?id={job.pk}&first=2020-01-01&last=2020-01-02")
    assert len(rows(html)) == 3
    charge, refund = entries[EntryKind.CAPTURE], entries[EntryKind.GRANT]
    for own, other in ((charge, refund), (refund, charge)):
        row = re.search(rf'<tr role="row" id="e-{own}".*?</tr>', html)
        assert row and f'href="/utilisation?id={job.pk}#e-{other}"' in row[0]


def test_a_hold_and_what_came_back_lead_to_each_other(alice: Cast, alice_client: Client) -> None:
    job = queued_generation(alice)
    assert lifecycle.cancel(job, actor_id="")
    html = read(alice_client)
    for row in LedgerEntry.objects.filter(generation_id=job.pk):
        assert f'#e-{row.pk}"' in html


def test_a_row_leads_to_its_picture_unless_it_is_in_the_bin(
    alice: Cast, alice_client: Client
) -> None:
    job = succeeded_generation(alice)
    page = f'href="/projets/{job.project_id}?image={job.pk}"'
    html = read(alice_client)
    assert html.count(page) == 2 and "Jardin Martin" in html
    assert keeping.remove_project(job.project)
    html = read(alice_client)
    assert page not in html and "Jardin Martin" not in html and "In the bin" in html


def test_the_list_is_narrowed_and_the_bill_is_not(
    alice: Cast, bob: Membership, alice_client: Client
) -> None:
    succeeded_generation(alice)
    whole = bill(read(alice_client))
    html = read(alice_client, "?kind=capture")
    assert [row.count("Charged") for row in rows(html)] == [1] and bill(html) == whole
    assert 'data-name="Available after">9<' in html
    assert len(rows(read(alice_client, f"?member={alice.owner.pk}"))) == 2
    assert rows(read(alice_client, f"?member={bob.pk}")) == []
    assert rows(read(alice_client, f"?member={uuid4()}")) == []
    assert "No movement fits" in read(alice_client, "?kind=expire")
    lot = first_lot(alice)
    assert len(rows(read(alice_client, f"?id={str(lot.pk)[:8]}"))) == 3
    assert rows(read(alice_client, "?id=00000000")) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?first=2026-11-02&last=2026-11-01", "before the first one"),
        ("?first=2026-11-02", "both days"),
        ("?first=yesterday&last=2026-11-01", "valid date"),
        ("?first=1990-01-01&last=2026-11-01", "five years"),
        ("?first=0001-01-01&last=0001-01-02", "five years"),
        ("?first=9999-12-30&last=9999-12-31", "five years"),
        ("?id=1234", "first 8 characters"),
        ("?id=zzzzzzzz", "first 8 characters"),
        ("?member=eve", "UUID"),
        ("?kind=theft", "not one of"),
    ],
)
def test_what_is_wrong_is_said_with_the_page(alice_client: Client, query: str, says: str) -> None:
    html = read(alice_client, query, 422)
    assert says in html and "Where the photos went" in html
    assert alice_client.get(f"{USAGE}/csv{query}").status_code == 422


@pytest.mark.parametrize("query", ["?page=9999", "?page=-1", "?page=x", "?period=never", "?x=\x00"])
def test_an_odd_address_shows_the_page(alice_client: Client, query: str) -> None:
    assert "Where the photos went" in read(alice_client, query)


def test_charlie_sees_nothing_of_it(alice: Cast, charlie: Cast, charlie_client: Client) -> None:
    job = refunded(alice)
    lot = first_lot(alice)
    for query in ("", f"?id={job.pk}", f"?member={alice.owner.pk}", f"?id={lot.pk}"):
        for path in (USAGE, f"{USAGE}/csv"):
            answer = charlie_client.get(path + query)
            body = b"".join(answer.streaming_content if answer.streaming else [answer.content])
            text = body.decode().replace(query, "").replace(query.partition("=")[2], "")
            for secret in (job.pk, lot.pk, job.project_id, alice.owner.iacrea_user_id):
                assert str(secret) not in text, (path, query)
            assert "Jardin Martin" not in text and "Alice" not in text
    assert bill(read(charlie_client))["Available"] == "10"


def test_by_member_and_by_day(alice: Cast, bob: Membership, alice_client: Client) -> None:
    for cast in (alice, Cast(alice.agency, bob, "", "")):
        job = succeeded_generation(cast)
        Generation.objects.filter(pk=job.pk).update(upstream_id=str(job.pk))
    html = read(alice_client)
    assert "50%" in html and str(bob.iacrea_user_id) in html
    assert html.count("<rect") == 2 and "Bob: 1 photo</title>" in html
    assert "<style" not in html and ' style="' not in html and "<script>" not in html
    Membership.objects.filter(pk=bob.pk).delete()
    assert "Someone who has left" in read(alice_client)


def test_the_low_and_the_asked(alice: Cast, bob: Membership, alice_client: Client) -> None:
    assert 'class="few' not in read(alice_client)
    now = timezone.now()
    lot = first_lot(alice)
    write(lot, [(EntryKind.ADJUST, 1, now, None)])
    type(lot).objects.filter(pk=lot.pk).update(available=1, consumed=9)
    assert "1 photo left of 10" in read(alice_client)
    assert "Ask an owner" in read(signed_in(bob)) and "demande" not in read(signed_in(bob))
    alice_client.post(f"{USAGE}/demande", {"photos": "40"})
    assert "Alice asked for 40 photos" in read(signed_in(bob))


@pytest.mark.parametrize("count", [1, 200])
def test_it_costs_the_same_for_many(alice: Cast, alice_client: Client, count: int) -> None:
    job = refunded(alice)
    now = timezone.now()
    lot = first_lot(alice)
    moves = [(EntryKind.HOLD, 1, now - timedelta(seconds=n), None) for n in range(count)]
    write(lot, [*moves, (EntryKind.EXPIRE, 1, now, None)])
    with CaptureQueriesContext(connection) as seen:
        html = read(alice_client)
    assert str(job.pk) in html or count > 50
    assert len(seen) <= 13, "\n".join(query["sql"][:200] for query in seen)


def test_pages_go_on(alice: Cast, alice_client: Client) -> None:
    now = timezone.now()
    moves: Any = [(EntryKind.ADJUST, 1, now, None) for _ in range(120)]
    write(first_lot(alice), moves)
    shown = [rows(read(alice_client, f"?kind=adjust&page={n}")) for n in (1, 2, 3)]
    assert [len(page) for page in shown] == [50, 50, 20]
    html = read(alice_client, "?kind=adjust")
    assert "kind=adjust&amp;page=2" in html and "1 / 3" in html
