"""The story of a generation has a line for everything that any table knows of it."""

from typing import Any

import pytest
from django.db.models import Model

from accounts.models import AuditEntry, LedgerEntry
from projects import lifecycle
from projects.desk import redact
from projects.desk.timeline.heading import length
from projects.desk.timeline.selectors import told_generation
from projects.desk.timeline.story import MOST, TELL, Story, story_of
from projects.models import Discrepancy, Generation, ShareLink
from tests.conftest import Cast
from tests.desk.planting import PLANTED, eventful, fattened
from tests.garden import processing_generation, succeeded_generation
from tests.projects.jobs import again, unconfirmed

pytestmark = pytest.mark.django_db


def everybody(_model: type[Model]) -> bool:
    return True


def story(job: Generation) -> Story:
    return story_of(again(job), everybody)


def words(told: Story) -> str:
    return "\n".join(f"{line.words} {line.detail}" for line in told.lines)


@pytest.fixture
def english(settings: Any) -> None:
    from django.utils import translation

    translation.activate("en")


def test_every_kind_has_its_line(alice: Cast, english: None) -> None:
    job, other = eventful(alice), unconfirmed(alice)
    assert lifecycle.expire(other)
    row = Discrepancy.objects.get(generation=other)
    Discrepancy.objects.filter(pk=row.pk).update(closed_at=row.created_at, reason="seen")
    Generation.objects.filter(pk=other.pk).update(upstream_failed_at=row.created_at)
    kinds = {line.kind for each in (job, other) for line in story(each).lines}
    assert kinds == set(TELL)


def test_it_is_told_in_order_and_in_words(alice: Cast, english: None) -> None:
    job = eventful(alice)
    told = story(job)
    moments = [line.at for line in told.lines]
    assert moments == sorted(moments) and not told.is_cut
    steps = [
        "Accepted.", "1 photo held. By Alice.", "Attempt 1: the job is sent",
        "it waits to be sent again", "Attempt 2: the job is sent", "iacrea has taken it.",
        "they are being fetched", "Picture 1 was stored", "1 photo charged.", "Alice is told",
        "Alice made a link", "Odile approved the picture.", "Odile took the approval back.",
        "The link was revoked.", "Alice reported the picture", "Dana closed the report.",
        "1 photo given as goodwill", "Dana gave its photos back. ",
    ]  # fmt: skip
    text, at = words(told), -1
    for step in steps:
        at = text.find(step, at + 1)
        assert at >= 0, step
    for seen in (
        "HTTP 429",
        "HTTP 200",
        "HTTP 500",
        "35 ms",
        "they called",
        "a window",
        "upstream-1",
    ):
        assert seen in text, seen


def test_seconds_are_counted_from_the_moment_it_was_accepted(alice: Cast) -> None:
    job = succeeded_generation(alice)
    first = story(job).moments[0].at
    for line in story(job).lines:
        assert line.after == round((line.at - again(job).created_at).total_seconds())
    assert first <= again(job).created_at, "its photo came before"


def test_no_secret_is_told(alice: Cast) -> None:
    text = words(story(eventful(alice)))
    assert [name for name, secret in PLANTED.items() if secret in text] == []
    for seen in ("hook.example.org/in?[", "h.example.org/[", "slow down ["):
        assert seen in text, seen
    tokens = [*ShareLink.objects.values_list("token", flat=True), "1" * 64, "2" * 64, "abc"]
    assert [token for token in tokens if token in text] == []


def test_two_questions_however_long_it_is(alice: Cast, django_assert_num_queries: Any) -> None:
    job = told_generation(eventful(alice).pk)
    for more in (0, 40, 2 * MOST):
        fattened(alice, job, more)
        with django_assert_num_queries(2):
            told = story_of(job, everybody)
    assert told.is_cut and len(told.lines) == MOST
    kept = {line.kind for line in told.lines}
    assert {"story", "held", "ended", "made_good", "sent", "act"} <= kept, "of a flood its life"


def test_of_tables_that_one_may_not_see_nothing_is_told(alice: Cast) -> None:
    job = eventful(alice)
    told = story_of(again(job), lambda model: model not in (LedgerEntry, AuditEntry))
    kinds = {line.kind for line in told.lines}
    assert "story" in kinds and not kinds & {"held", "ended", "made_good", "act"}
    assert told.books.charged == 1, "the answer stays true"
    assert not any("ledgerentry" in line.address for line in told.lines)


def test_nothing_of_another_generation(alice: Cast, charlie: Cast) -> None:
    theirs, ours = eventful(charlie), processing_generation(alice, "ours")
    text = words(story(ours))
    assert "ours" in text and "Charlie" not in text and "upstream-1" not in text
    assert str(theirs.pk) not in text


def test_the_books_are_what_the_ledger_adds_up_to(alice: Cast) -> None:
    made = processing_generation(alice, "another")
    assert (story(made).books.held, story(made).books.charged) == (1, 0)
    assert lifecycle.expire(made)
    books = story(made).books
    assert (books.held, books.charged, books.given_back, books.made_good) == (0, 0, 1, 0)
    books = story(eventful(alice)).books
    assert (books.held, books.charged, books.given_back, books.made_good) == (0, 1, 0, 1)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://u:p@h.example/a/b?sig=1#x", "https://h.example/a/b?[redacted]"),
        ("https://h.example/services/T0000000000000000000000000", "https://h.example/services/[redacted]"),
        ("https://h.example/0b9c3f0e-6f0c-4c58-9a77-0a3f2c1d4e5f", None),
        ("http://[x/y", "[redacted]"),
        ("see https://h.example/?a=b now", "see https://h.example/?[redacted] now"),
        ("Authorization: Bearer abc.def", "Authorization: [redacted]"),
        ("whsec_MfKQ9r8GKYqr", "[redacted]"),
        ("http://o.example/callbacks/0123456789abcdefghijklmn", "http://o.example/callbacks/[secret]"),
    ],
)  # fmt: skip
def test_what_opens_a_door_is_not_shown(english: None, given: str, shown: str | None) -> None:
    assert redact.text(given) == (given if shown is None else shown)


def test_names_tell_what_is_secret(english: None) -> None:
    facts = {"api_key": "a", "x": [{"Set-Cookie": "b"}], "token": "", "status": 5, "code": "c"}
    hidden = {**facts, "api_key": "[redacted]", "x": [{"Set-Cookie": "[redacted]"}]}
    assert redact.tree(facts) == hidden
    assert redact.shown({}) == "" and redact.shown("plain") == "plain"
    assert len(redact.text("a" * 5000)) == redact.MOST_CHARACTERS


def test_lengths_have_two_units(english: None) -> None:
    from datetime import timedelta

    told = {38: "38 s", 125: "2 min 05 s", 3720: "1 h 02 min", 3 * 86400 + 4 * 3600: "3 d 4 h"}
    assert {seconds: length(timedelta(seconds=seconds)) for seconds in told} == told
