"""What a client says: once, dated, taken back by who said it, told to the agency; and what stops
those who mean harm."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import NotificationKind
from accounts.models import Membership, Notification
from projects import erasure, keeping
from projects.models import Approval, ClientComment, Project, ShareLink, ShareWindow
from projects.sharing import limits, services
from tests.conftest import Cast
from tests.projects.jobs import at_once
from tests.sharing.made import (
    approve,
    at,
    comment,
    look,
    query_of,
    send,
    shared,
    two_pictures,
)

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'>&\u202egro.live\x07"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;&amp;gro.live"


def version(link: ShareLink) -> int:
    return Project.objects.get(pk=link.project_id).version


def withdraw(client: Client, link: ShareLink, said: str, query: str) -> Any:
    return send(client, at(link, f"/withdraw{query}"), said=said, at="1")


def test_a_yes_is_dated_and_told(alice: Cast, client: Client) -> None:
    link = shared(alice)
    before = version(link)
    answer = approve(client, link)
    assert answer.status_code == 303 and answer["Location"].endswith("#p1")
    yes = Approval.objects.get()
    assert (yes.name, yes.network, yes.withdrawn_at) == ("Odile", "127.0.0.0", None)
    assert yes.picture_sha256 == yes.generation.pictures.get().sha256
    assert version(link) == before + 1, "an open page of the project sees it"
    told = Notification.objects.get()
    assert (told.member, told.kind) == (alice.owner, NotificationKind.APPROVED)
    assert told.facts == {
        "project_id": str(link.project_id),
        "project": "Jardin Martin",
        "generation_id": str(yes.generation_id),
        "client": "Odile",
    }
    html = look(client, answer["Location"]).content.decode()
    assert "Approved by Odile" in html and "Thank you. Alice knows" in html
    assert "Approved by Odile" in look(client, at(link)).content.decode()


def test_it_is_taken_back_by_who_said_it(alice: Cast, client: Client) -> None:
    link = shared(alice)
    mine = query_of(approve(client, link))
    mark = f"a{Approval.objects.get().pk}"
    html = look(client, at(link, mine)).content.decode()
    assert f'value="{mark}"' in html
    assert f'value="{mark}"' not in look(client, at(link)).content.decode()
    for forged in ("", "?mine=" + mark, mine.replace("%3A", "%3Ax"), f"?mine={mark}%3Ax"):
        assert withdraw(client, link, mark, forged).status_code == 404
    before = version(link)
    assert withdraw(client, link, mark, mine).status_code == 303
    assert Approval.objects.get().withdrawn_at and version(link) == before + 1
    assert withdraw(client, link, mark, mine).status_code == 303, "a second tap harms nothing"
    assert "Approved by" not in look(client, at(link)).content.decode()
    approve(client, link, name="Odile again")
    assert Approval.objects.filter(withdrawn_at=None).count() == 1


def test_a_receipt_is_good_for_its_own_link(alice: Cast, client: Client) -> None:
    link = shared(alice)
    other = shared(alice, [each.generation for each in link.shared.all()])
    mine = query_of(approve(client, link))
    approve(client, other)
    for row in Approval.objects.all():
        assert withdraw(client, other, f"a{row.pk}", mine).status_code == 404


def test_who_agrees_to_anothers_yes_cannot_take_it_back(alice: Cast, client: Client) -> None:
    link = shared(alice)
    approve(client, link)
    assert "mine=" not in approve(client, link, name="Somebody else")["Location"]
    assert "mine=" in approve(client, link)["Location"], "but who tapped twice can"
    Approval.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert "mine=" not in approve(client, link)["Location"]
    assert Approval.objects.count() == 1 and Notification.objects.count() == 1


def test_a_comment_is_kept_told_and_taken_back(alice: Cast, client: Client) -> None:
    link = shared(alice)
    answer = comment(client, link, text="Wider?\r\nAnd paler.")
    assert comment(client, link, text="Wider?\r\nAnd paler.").status_code == 303
    said = ClientComment.objects.get()
    assert said.text == "Wider?\nAnd paler." and said.name == "Odile"
    assert Notification.objects.get().kind == NotificationKind.COMMENTED
    assert "Wider?<br>And paler." in look(client, at(link)).content.decode()
    assert withdraw(client, link, f"c{said.pk}", query_of(answer)).status_code == 303
    said.refresh_from_db()
    assert (said.text, said.name, said.network) == ("", "", "") and said.withdrawn_at
    assert "Odile" not in look(client, at(link)).content.decode()


def test_one_address_keeps_all_that_is_mine(alice: Cast, client: Client) -> None:
    link = shared(alice)
    mine = query_of(approve(client, link))
    both = query_of(send(client, at(link, f"/1/comment{mine}"), name="Odile", text="Yes!"))
    html = look(client, at(link, both)).content.decode()
    assert len(re.findall(r'name="said" value="[ac]\d+"', html)) == 2
    assert 'value="Odile"' in html, "the name is asked for once"


def test_hostile_words_are_words(alice: Cast, alice_client: Client, client: Client) -> None:
    link = shared(alice)
    approve(client, link, name=HOSTILE)
    comment(client, link, name=HOSTILE, text=HOSTILE)
    theirs = look(client, at(link)).content.decode()
    ours = look(alice_client, f"/projets/{link.project_id}").content.decode()
    for html, times in ((theirs, 3), (ours, 6)):  # ours also says them to who does not see
        assert html.count(ESCAPED) == times
        assert "<script>alert" not in html and "\u202e" not in html and "\x07" not in html


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "", "text": "x"}, "Write your name."),
        ({"name": "\u200b \u202e", "text": "x"}, "Write your name."),
        ({"name": "Odile", "text": ""}, "Write your comment."),
        ({"name": "O" * 101, "text": "x"}, "at most 100"),
        ({"name": "Odile", "text": "x" * 1001}, "at most 1000"),
        ({"name": "a\x00b", "text": "x"}, "Null"),
    ],
)
def test_what_is_not_a_comment_is_said_with_what_was_typed(
    alice: Cast, client: Client, fields: dict[str, str], why: str
) -> None:
    link = shared(alice)
    answer = send(client, at(link, "/1/comment"), **fields)
    html = answer.content.decode()
    assert answer.status_code == 422 and why in html and 'role="alert"' in html
    assert fields["text"] in html and not ClientComment.objects.exists()


def test_a_robot_believes_that_it_was_heard(alice: Cast, client: Client) -> None:
    link = shared(alice)
    sent = {"name": "Odile", "text": "Buy now", "website": "https://example.org/"}
    assert send(client, at(link, "/1/comment"), **sent).status_code == 303
    assert send(client, at(link, "/1/approve"), **sent).status_code == 303
    assert not Approval.objects.exists() and not ClientComment.objects.exists()


def test_a_link_takes_so_many_comments(
    alice: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_COMMENTS", 3)
    link = shared(alice)
    statuses = [comment(client, link, text=f"No. {n}").status_code for n in range(4)]
    assert statuses == [303, 303, 303, 409]
    assert ClientComment.objects.count() == 3
    assert approve(client, link).status_code == 303


def test_a_network_that_sends_too_much_waits(
    alice: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "POSTS_OF_NETWORK", limits.Limit(3, 600))
    links = [shared(alice), shared(alice)]
    answers = [comment(client, link, text=f"No. {n}") for n in range(2) for link in links]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 590 < int(answers[-1]["Retry-After"]) <= 600
    assert "Too many tries" in answers[-1].content.decode() and b"No. 1" in answers[-1].content
    elsewhere = client.post(at(links[0], "/1/approve"), {"name": "Eve"}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 303
    ShareWindow.objects.update(began_at=0)
    assert comment(client, links[0], text="later").status_code == 303


def test_a_link_that_is_sent_too_much_waits(
    alice: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "POSTS_OF_LINK", limits.Limit(2, 600))
    link, other = shared(alice), shared(alice)
    networks = ["192.0.2.1", "198.51.100.1", "203.0.113.1"]
    url, said = at(link, "/1/comment"), {"name": "Odile", "text": "x"}
    answers = [client.post(url, said, REMOTE_ADDR=network) for network in networks]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert client.post(at(other, "/1/comment"), said, REMOTE_ADDR="192.0.2.9").status_code == 303


def test_networks_and_old_windows() -> None:
    assert limits.network_of("203.0.113.77") == "203.0.113.0"
    assert limits.network_of("2001:db8:1:2::3") == "2001:db8:1::"
    limits.wait_for_post("link", "203.0.113.0")
    limits.forget_old()
    assert ShareWindow.objects.count() == 2
    ShareWindow.objects.update(began_at=1)
    limits.forget_old()
    assert not ShareWindow.objects.exists()


# --- The code


def code(client: Client, link: ShareLink, typed: str) -> Any:
    return send(client, at(link, "/code"), code=typed)


def wrong(link: ShareLink) -> str:
    return f"{(int(link.code) + 1) % 10**6:06}"


def test_a_code_opens_the_page_and_its_pictures(alice: Cast, client: Client) -> None:
    link = shared(alice, with_code=True)
    assert re.fullmatch(r"\d{6}", link.code)
    assert "/1/after" not in look(client, at(link)).content.decode()
    assert code(client, link, wrong(link)).status_code == 403
    answer = code(client, link, f" {link.code[:3]} {link.code[3:]} ")
    assert answer.status_code == 303
    html = look(client, answer["Location"]).content.decode()
    source = re.search(r'src="([^"]+after-828.jpg[^"]+)"', html)
    assert source and look(client, source[1].replace("&amp;", "&")).status_code == 200
    assert look(client, at(link, "/1/after-828.jpg")).status_code == 404
    opened = query_of(answer)
    assert approve(client, link, query=opened).status_code == 303
    assert approve(client, link).status_code == 200, "without it the code is asked for"
    assert Approval.objects.count() == 1
    other = shared(alice, with_code=True)
    assert "/1/after" not in look(client, at(other, opened)).content.decode()


def test_a_pass_gets_old_and_what_is_mine_does_not(
    alice: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = shared(alice, with_code=True)
    opened = query_of(code(client, link, link.code))
    mine = query_of(approve(client, link, query=opened))
    monkeypatch.setattr("projects.sharing.tokens.OPEN_FOR_S", -1)
    html = look(client, at(link, mine)).content.decode()
    assert "digits" in html and "mine=" in html and "/1/after" not in html


def test_codes_are_tried_so_often_and_no_more(alice: Cast, client: Client) -> None:
    link, other = shared(alice, with_code=True), shared(alice, with_code=True)
    tries = [code(client, link, wrong(link)).status_code for _ in range(limits.CODES.tries)]
    assert set(tries) == {403}
    refused = code(client, link, link.code)
    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= limits.CODES.window_s
    assert code(client, other, other.code).status_code == 303
    ShareWindow.objects.all().delete()
    assert code(client, link, link.code).status_code == 303


def test_a_link_is_locked_after_too_many_wrong_codes_in_its_life(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    link = shared(alice, with_code=True)
    ShareLink.objects.update(wrong_codes=limits.MOST_WRONG_CODES - 1)
    assert code(client, link, wrong(link)).status_code == 403
    answer = code(client, link, link.code)
    assert answer.status_code == 403 and "locked" in answer.content.decode()
    page = look(alice_client, f"/projets/{link.project_id}/partager").content.decode()
    assert "Locked: too many wrong codes" in page


# --- Erasure


def test_an_erasure_leaves_no_name_and_no_word(alice: Cast, client: Client) -> None:
    first, second = two_pictures(alice)
    link = shared(alice, [first, second], with_code=True)
    said_on(link, client)
    keeping.remove_generation(first, actor_id="alice")
    Project.objects.update(removed_at=timezone.now())
    assert erasure.erase_project(Project.objects.get())
    for row in (*Approval.objects.all(), *ClientComment.objects.all()):
        assert (row.name, row.network, getattr(row, "text", "")) == ("", "", "")
    link.refresh_from_db()
    assert link.revoked_at and not link.code and not Notification.objects.exists()


def test_of_one_picture_that_leaves_the_bin_for_good(alice: Cast, client: Client) -> None:
    first, second = two_pictures(alice)
    link = shared(alice, [first, second])
    said_on(link, client)
    keeping.remove_generation(first, actor_id="alice")
    type(first).objects.filter(pk=first.pk).update(removed_at=timezone.now() - timedelta(days=31))
    assert erasure.empty_the_bin() == 1
    names = {row.generation_id: row.name for row in Approval.objects.all()}
    assert names == {first.pk: "", second.pk: "Odile"}
    texts = {row.generation_id: row.text for row in ClientComment.objects.all()}
    assert texts == {first.pk: "", second.pk: "Wider?"}
    html = look(client, at(link)).content.decode()
    assert html.count("Approved by Odile") == 1


def said_on(link: ShareLink, client: Client) -> None:
    opened = query_of(code(client, link, link.code)) if link.code else ""
    for position in (1, 2):
        for act in ("approve", "comment"):
            url = at(link, f"/{position}/{act}{opened}")
            assert send(client, url, name="Odile", text="Wider?").status_code == 303


# --- Who is told


def test_the_owners_are_told_when_the_author_has_left(
    alice: Cast, bob: Membership, client: Client
) -> None:
    link = shared(alice)
    ShareLink.objects.update(author=bob)
    approve(client, link)
    assert Notification.objects.get().member == bob
    bob.delete()
    comment(client, link)
    assert Notification.objects.get().member == alice.owner


# --- At the same moment


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_taps_at_once_are_one_yes(alice: Cast) -> None:
    link = shared(alice)
    answers = at_once(*[lambda: approve(Client(), link)] * 4)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert Approval.objects.count() == 1 and Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_nothing_is_said_on_a_link_that_ends_meanwhile(alice: Cast) -> None:
    """Whoever comes first: a yes that was heard stands, and none is heard afterwards."""
    link = shared(alice)
    revoke = partial(services.revoke, link, actor_id="")
    heard, _ended = at_once(lambda: approve(Client(), link), revoke)
    assert heard.status_code == (303 if Approval.objects.exists() else 410)
    assert approve(Client(), link, name="Eve").status_code == 410
    assert not Approval.objects.filter(name="Eve").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_no_word_survives_an_erasure_at_the_same_moment(alice: Cast) -> None:
    link = shared(alice)
    project = Project.objects.get(pk=link.project_id)
    at_once(
        lambda: approve(Client(), link),
        lambda: comment(Client(), link),
        lambda: erasure.erase_project(project),
    )
    for row in (*Approval.objects.all(), *ClientComment.objects.all()):
        assert (row.name, getattr(row, "text", "")) == ("", "")
