"""How often a key may call: counted in the database, told in each answer."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.choices import Mode, Scope
from accounts.keys import _checksum, issue_api_key
from accounts.models import ApiKey, RateWindow
from accounts.rate_limits import count_call
from projects.models import Generation
from tests.conftest import Cast
from tests.projects.idempotent import create
from tests.projects.test_dropin_refusals import GENERATE, GET, VARIATION, body, post

pytestmark = pytest.mark.django_db
CREDIT, TABLE = "/api/account/credit", RateWindow._meta.db_table


@pytest.fixture
def few(settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE, settings.API_CREATES_PER_MINUTE = 5, 2


def told(answer: Any) -> tuple[int, int, int]:
    """Limit, remaining, seconds until the next minute."""
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    limit, remaining, reset = (int(answer[name]) for name in names)
    assert 0 < reset <= 60
    return limit, remaining, reset


def credit(cast: Cast, client: Client, key: str = "") -> Any:
    return post(client, CREDIT, {"user_id": cast.user_id}, key or cast.api_key)


def test_each_answer_says_what_is_left(alice: Cast, client: Client, few: None) -> None:
    assert [told(credit(alice, client))[:2] for _ in range(3)] == [(5, 4), (5, 3), (5, 2)]


def test_a_refusal_says_it_as_well(alice: Cast, client: Client, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = settings.API_CREATES_PER_MINUTE = 100
    _key, reader = issue_api_key(
        agency=alice.agency, mode=Mode.LIVE, scopes=[Scope.GENERATIONS_READ]
    )
    answers = [
        post(client, GENERATE, {}, alice.api_key),
        post(client, GENERATE, "{", alice.api_key),
        post(client, GENERATE, body(alice, user_id=str(uuid4())), alice.api_key),
        post(client, GENERATE, body(alice), reader),
        client.get(GENERATE, headers=alice.headers),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 404, 403, 405]
    assert [told(answer)[1] for answer in answers] == [99, 98, 97, 99, 96]


def test_above_the_limit(alice: Cast, client: Client, few: None) -> None:
    for _ in range(5):
        assert credit(alice, client).status_code == 200
    answer = credit(alice, client)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (429, "throttled")
    assert answer["Content-Type"] == "application/problem+json"
    assert told(answer)[:2] == (5, 0) and told(answer)[2] == int(answer["Retry-After"])
    assert answer["Retry-After"] in problem["detail"]


def test_creates_have_a_limit_of_their_own(alice: Cast, client: Client, few: None) -> None:
    created = [create(alice, f"{number}") for number in range(3)]
    assert [answer.status_code for answer in created] == [200, 200, 429]
    assert [told(answer)[:2] for answer in created] == [(2, 1), (2, 0), (2, 0)]
    assert Generation.objects.count() == 2
    assert told(credit(alice, client))[:2] == (5, 1)


def test_the_scarcer_of_both_is_told(alice: Cast, client: Client, few: None) -> None:
    for _ in range(4):
        credit(alice, client)
    assert told(create(alice))[:2] == (5, 0)


def test_a_minute_later_it_is_new(alice: Cast, client: Client, few: None) -> None:
    for _ in range(6):
        answer = credit(alice, client)
    assert answer.status_code == 429
    pass_seconds(61)
    assert told(credit(alice, client))[:2] == (5, 4)


def test_a_clock_that_was_set_back_locks_nobody_out(alice: Cast, client: Client, few: None) -> None:
    for _ in range(6):
        credit(alice, client)
    pass_seconds(-3600)
    assert told(credit(alice, client))[:2] == (5, 4)


def pass_seconds(seconds: float) -> None:
    window = RateWindow.objects.get()
    RateWindow.objects.update(began_at=window.began_at - seconds)


def test_each_key_has_its_own(alice: Cast, charlie: Cast, client: Client, few: None) -> None:
    for cast, key in ((alice, alice.api_key), (alice, alice.test_api_key), (charlie, "")):
        assert told(credit(cast, client, key))[:2] == (5, 4)
    assert RateWindow.objects.count() == 3


@pytest.mark.parametrize("url", [GENERATE, VARIATION, GET, CREDIT])
def test_who_has_no_key_is_not_counted(
    alice: Cast, client: Client, url: str, django_assert_num_queries: Any
) -> None:
    """A flood of wrong keys asks the database nothing; one that is well formed, one thing."""
    unknown = "prt_live_" + 43 * "a"
    for key, queries in ((None, 0), ("x", 0), (alice.api_key[:-1], 0), (unknown + "000000", 0)):
        with django_assert_num_queries(queries):
            answer = post(client, url, {}, key)
        assert answer.status_code == 401 and "RateLimit-Limit" not in answer.headers
    with django_assert_num_queries(1):
        assert post(client, url, {}, unknown + _checksum(unknown)).status_code == 401
    assert not RateWindow.objects.exists()


def test_a_call_costs_one_statement(alice: Cast, django_assert_num_queries: Any) -> None:
    """And on SQLite three that read or set how long it waits."""
    key = ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE)
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 4):
        count_call(key.pk, creates=True)


def test_on_postgresql_a_count_waits_for_no_disk(db: None) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = %s::regclass", [TABLE])
            assert cursor.fetchone() == ("u",)


def test_it_is_told_in_the_callers_language(alice: Cast, client: Client, few: None) -> None:
    headers = {**alice.headers, "accept-language": "fr"}
    for _ in range(6):
        answer = client.post(CREDIT, "{}", content_type="application/json", headers=headers)
    assert "Attendez" in answer.json()["detail"]
