"""Equal calls at the same time, each with a connection of its own to the real database."""

import threading
import time
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.idempotency import WAIT_MS, Answer, answer_once
from accounts.ledger_audit import differences
from projects.models import Generation
from tests.conftest import Cast
from tests.projects.idempotent import counts, create, is_replayed, key_at_the_door
from tests.projects.jobs import at_once, backdate, in_thread

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


def as_a_client(cast: Cast, **changes: Any) -> Any:
    """It does what a 409 says: a machine may be too busy for a hundred in three seconds."""
    while (answer := create(cast, **changes)).status_code == 409:
        assert answer.json()["code"] == "idempotency_in_progress"
        time.sleep(float(answer["Retry-After"]))
    return answer


def test_a_hundred_equal_calls_make_one_job(alice: Cast, settings: Any) -> None:
    settings.API_CREATES_PER_MINUTE = 10_000  # some may ask again
    # PostgreSQL takes a hundred connections: fifty threads, and each asks twice.
    pairs = at_once(*[lambda: [as_a_client(alice), as_a_client(alice)]] * 50)
    answers = [answer for pair in pairs for answer in pair]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["generation_id"] for answer in answers} == {
        str(Generation.objects.get().pk)
    }
    assert [is_replayed(answer) for answer in answers].count(False) == 1
    assert counts(alice) == (1, 1, 1) and list(differences()) == []


def test_of_two_bodies_at_once_one_is_refused(alice: Cast) -> None:
    calls = [partial(as_a_client, alice, room_type=room) for room in ("POOL", "TERRACE")]
    answers = at_once(*calls * 4)
    assert {answer.status_code for answer in answers} == {200, 422}
    assert counts(alice) == (1, 1, 1)


def test_equal_calls_a_day_later_make_one_job_more(alice: Cast) -> None:
    first = create(alice)
    backdate(key_at_the_door(alice).row().get(), 25 * 3600, "created_at")
    answers = at_once(*[partial(as_a_client, alice)] * 8)
    (second,) = {answer.json()["generation_id"] for answer in answers}
    assert second != first.json()["generation_id"] and counts(alice) == (2, 2, 1)


class First:
    """A first call whose work lasts until the test lets it end."""

    def __init__(self, cast: Cast, body_sha256: str = "") -> None:
        self.key, self.sha = key_at_the_door(cast), body_sha256
        self.began, self.may_end = threading.Event(), threading.Event()

    def run(self) -> Answer:
        return answer_once(self.key, self.sha, self.work)

    def work(self) -> Answer:
        self.began.set()
        assert self.may_end.wait(20)
        return Answer(200, '{"generation_id":"of the first"}')


class Failing(First):
    def work(self) -> Answer:
        super().work()
        raise LookupError


def sha_of(cast: Cast) -> str:
    """Of the body that create() sends: a call leaves it behind, and is undone."""
    create(cast)
    row = key_at_the_door(cast).row()
    sha = row.get().body_sha256
    row.delete()
    return sha


def test_a_twin_waits_and_gets_the_firsts_answer(alice: Cast) -> None:
    first = First(alice, sha_of(alice))
    with in_thread(first.run):
        assert first.began.wait(20)
        with in_thread(partial(create, alice)) as answers:
            time.sleep(0.3)
            first.may_end.set()
    assert is_replayed(answers[0]) and answers[0].json() == {"generation_id": "of the first"}


def test_a_first_that_does_not_end(alice: Cast) -> None:
    first = First(alice, sha_of(alice))
    with in_thread(first.run):
        assert first.began.wait(20)
        answer = create(alice)
        first.may_end.set()
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert answer["Retry-After"] == "1"
    assert is_replayed(create(alice)) and counts(alice) == (1, 1, 1)


def test_a_twin_waits_for_three_seconds_at_most(alice: Cast) -> None:
    """And about as long, or a first that is only slow would seldom be replayed."""
    assert WAIT_MS == 3000
    first = First(alice, sha_of(alice))
    with in_thread(first.run):
        assert first.began.wait(20)
        began = time.monotonic()
        assert create(alice).status_code == 409
        waited = time.monotonic() - began
        first.may_end.set()
    assert 2.5 < waited < 9, "WAIT_MS is the wait itself; a busy machine adds to it"


def test_when_the_first_fails_the_twin_is_the_first(alice: Cast) -> None:
    first = Failing(alice)
    with pytest.raises(LookupError), in_thread(first.run):
        assert first.began.wait(20)
        with in_thread(partial(create, alice)) as answers:
            time.sleep(0.3)
            first.may_end.set()
    assert answers[0].status_code == 200 and not is_replayed(answers[0])
    assert counts(alice) == (1, 1, 1)


def test_only_the_key_is_waited_for_so_briefly(alice: Cast) -> None:
    """The agency's quota row, behind it, is waited for as long as without a key."""
    usual = waits()
    seen: list[Any] = []

    def work() -> Answer:
        seen.append(waits())
        return Answer(200, "{}")

    answer_once(key_at_the_door(alice), "", work)
    assert [*seen, waits()] == [usual, usual]


def waits() -> Any:
    name = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
    with connection.cursor() as cursor:
        cursor.execute(name[connection.vendor])
        return cursor.fetchone()[0]
