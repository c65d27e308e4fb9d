"""Each kind by e-mail, in both languages, with names that strangers chose."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from accounts.choices import NotificationKind
from accounts.models import Agency, Membership, Notification, User
from accounts.notification_choices import SECURITY
from projects.notices.mails import mail_of
from projects.notices.names import one_line
from projects.notices.sentences import SENTENCES, notice_of

HOSTILE = [
    '<script>alert(1)</script><img src=x onerror="alert(2)">',
    "Anne\r\nBcc: everybody@example.org\n\nBuy",
    "שרה \u202egnp.exe\u2066 كلّم",
    "👩‍🌾🏡 Zoë %(n)s {{ agency }} {% url %}",
    "x" * 150,
]
LANGUAGES = ["fr", "en"]
ID = UUID("11111111-2222-4333-8444-555555555555")


def facts(name: str) -> dict[str, str]:
    """Of every kind at once."""
    return {
        "project_id": str(ID), "project": name, "generation_id": str(ID), "room_type": "TERRACE",
        "failure_code": "invalid_input", "failure_detail": "mask_empty", "photos": "2",
        "client": name, "available": "5", "endpoint_id": str(ID), "reason": "gone",
        "url": f"https://hooks.example.org/{name}", "name": name, "prefix": "prt_live_abcdef",
        "mode": "live", "change": "on", "browser": name,
    }  # fmt: skip


def row(kind: NotificationKind, language: str = "fr", name: str = "Jardin Martin") -> Notification:
    """As it is stored, but nothing here needs the database."""
    user = User(email="reader@example.org", language=language)
    member = Membership(id=uuid4(), agency=Agency(name=name), user=user)
    return Notification(member=member, kind=kind, facts=facts(name))


def sent(notification: Notification) -> Message:
    """As the mail server gets it."""
    return message_from_bytes(mail_of(notification).message().as_bytes(), policy=default)


def parts(notification: Notification) -> tuple[str, str]:
    both: Any = list(sent(notification).iter_parts())  # type: ignore[attr-defined]
    assert [part.get_content_type() for part in both] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in both)
    return text, html


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.tags


def test_every_kind_has_its_sentences() -> None:
    assert set(SENTENCES) == set(NotificationKind)


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE, ids=["tags", "lines", "rtl", "emoji", "long"])
def test_no_name_breaks_out_of_its_place(kind: NotificationKind, language: str, name: str) -> None:
    mail = sent(row(kind, language, name))
    assert mail["To"] == "reader@example.org" and mail["Bcc"] is None
    assert len(mail["Subject"]) <= 120 and len(mail["Subject"].splitlines()) == 1
    text, html = parts(row(kind, language, name))
    assert "\u202e" not in text + html + mail["Subject"]
    found = tags(html)
    assert not {tag for tag, _ in found} & {"script", "img", "link", "form", "iframe"}
    assert not any(key.startswith("on") for _, attributes in found for key in attributes)
    hosts = {re.match(r"https?://[^/]*", str(a["href"])) for t, a in found if t == "a"}
    assert {match[0] for match in hosts if match} <= {"http://testserver"}
    assert len(mail.as_bytes()) < 20_000
    assert "&lt;" not in text and "&#x27;" not in text, "text is text"


@pytest.mark.parametrize("kind", NotificationKind)
def test_each_is_said_in_both_languages(kind: NotificationKind) -> None:
    french, english = (parts(row(kind, language)) for language in LANGUAGES)
    assert '<html lang="fr">' in french[1] and '<html lang="en">' in english[1]
    assert french[0].splitlines()[0] != english[0].splitlines()[0]
    assert parts(row(kind, ""))[0].splitlines()[0] == french[0].splitlines()[0]


@pytest.mark.parametrize("kind", NotificationKind)
def test_both_parts_say_the_same(kind: NotificationKind) -> None:
    notification = row(kind, "en")
    text, html = parts(notification)
    with translation.override("en"):
        notice = notice_of(notification)
    for line in [notice.title, *notice.lines]:
        assert line in text and line in html
    if notice.path:
        assert f"http://testserver{notice.path}" in text
        assert f'href="http://testserver{notice.path}"' in html.replace("&amp;", "&")


@pytest.mark.parametrize("kind", NotificationKind)
def test_all_but_security_can_be_stopped_with_one_click(kind: NotificationKind) -> None:
    mail = sent(row(kind))
    text, html = parts(row(kind))
    if kind in SECURITY:
        assert mail["List-Unsubscribe"] is None and "desabonnement" not in text + html
        return
    header = mail["List-Unsubscribe"].strip()
    assert re.fullmatch(r"<http://testserver/desabonnement/[\w:-]+>", header)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/desabonnement/" in text and "/desabonnement/" in html


def test_nothing_is_loaded_from_anywhere() -> None:
    """No picture that tells the sender that it was opened."""
    html = parts(row(NotificationKind.READY))[1]
    assert not re.search(r"url\(|src=|background=|@import", html)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\r\nb\tc\x00d\u2028e", "a b c d e"),
        ("\u202eabc\u2069", "abc"),
        ("👩‍🌾", "👩‍🌾"),
        ("x" * 121, "x" * 119 + "…"),
        ("  ", ""),
    ],
)
def test_a_name_is_one_line(given: str, shown: str) -> None:
    assert one_line(given) == shown


@pytest.mark.parametrize("kind", NotificationKind)
def test_facts_that_are_missing_break_no_list(kind: NotificationKind) -> None:
    needed = {key: str(ID) for key in ("project_id", "endpoint_id")}
    assert notice_of(Notification(kind=kind, facts=needed)).title
