"""Each fault of an answer, as the client sees it, and whether the job exists all the same."""

import time
from typing import Any

import pytest
import requests

from integrations.emulator import journal
from tests.emulator.conftest import SetFaults
from tests.emulator.process import Client, Process


def accepted(client: Client) -> bool:
    return client.photos() == 99


@pytest.fixture
def spoil(faults: SetFaults) -> SetFaults:
    """Rules beside one that keeps every job undrawn: only the answer matters here."""

    def set_faults(*rules: dict[str, Any]) -> None:
        faults(*rules, {"call": "job", "action": "stuck"})

    return set_faults


@pytest.mark.parametrize("code", [302, 400, 401, 402, 404, 413, 429, 500, 502, 503, 504])
def test_status(client: Client, spoil: SetFaults, code: int) -> None:
    headers = {"Retry-After": "7", "Location": "http://127.0.0.1:1/"}
    spoil({"call": "generate", "action": "status", "code": code, "headers": headers})
    answer = client.post("generate", client.generation(), allow_redirects=False)
    assert answer.status_code == code
    assert answer.headers["retry-after"] == "7"
    assert not accepted(client)


def test_status_with_a_body_of_its_own(client: Client, spoil: SetFaults) -> None:
    status = {"call": "credit", "action": "status", "code": 503}
    spoil({**status, "body": {"error": "later"}, "nth": 1}, {**status, "body": "<p>later"})
    body = {"user_id": client.user_id}
    assert client.post("credit", body).json() == {"error": "later"}
    page = client.post("credit", body)
    assert (page.text, page.headers["content-type"]) == ("<p>later", "text/html; charset=utf-8")


def test_status_though_the_job_was_accepted(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "status", "code": 500, "accepted": True})
    assert client.post("generate", client.generation()).status_code == 500
    assert accepted(client)


@pytest.mark.parametrize("is_accepted", [False, True])
def test_reset(client: Client, spoil: SetFaults, is_accepted: bool) -> None:
    spoil({"call": "generate", "action": "reset", "accepted": is_accepted})
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        client.post("generate", client.generation())
    assert accepted(client) is is_accepted


@pytest.mark.parametrize("is_accepted", [False, True])
def test_hang(client: Client, spoil: SetFaults, is_accepted: bool) -> None:
    spoil({"call": "generate", "action": "hang", "accepted": is_accepted})
    with pytest.raises(requests.ReadTimeout):
        client.post("generate", client.generation(), timeout=0.5)
    assert accepted(client) is is_accepted


def test_hang_ends_without_an_answer(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "credit", "action": "hang", "seconds": 0.2})
    with pytest.raises(requests.ConnectionError, match="without response"):
        client.photos()


def test_slow(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "slow", "seconds": 0.4})
    start = time.monotonic()
    assert client.generate()
    assert time.monotonic() - start >= 0.4


def test_drip(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "credit", "action": "drip", "seconds": 0.01})
    start = time.monotonic()
    assert client.photos() == 100
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize("options", [{}, {"bytes": 0}, {"bytes": 20}])
def test_truncate(client: Client, spoil: SetFaults, options: dict[str, int]) -> None:
    spoil({"call": "generate", "action": "truncate", **options})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.post("generate", client.generation())
    assert accepted(client)


@pytest.mark.parametrize(
    "body", [None, "\ufeff{}", '{"generation_id": NaN}', '{"generation_id": "1']
)
def test_garbage(client: Client, spoil: SetFaults, body: str | None) -> None:
    options = {} if body is None else {"body": body}
    spoil({"call": "generate", "action": "garbage", **options})
    answer = client.post("generate", client.generation())
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>") if body is None else answer.text == body
    assert not accepted(client)


def test_garbage_of_any_size(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "credit", "action": "garbage", "size": 5_000_000})
    assert len(client.post("credit", {"user_id": client.user_id}).content) == 5_000_000


def test_no_id(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "no_id"})
    answer = client.post("generate", client.generation()).json()
    assert list(answer) == ["remaining_photos", "project_id"]
    assert accepted(client)


def test_same_id(client: Client, spoil: SetFaults, process: Process) -> None:
    first = client.generate()
    spoil({"call": "generate", "action": "same_id"})
    assert client.generate() == first
    real = journal.read(process.state, call="generate")[-1].generation_id
    assert real != first
    assert client.get(str(real))["status"] != "SUCCEEDED"


def test_duplicate(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "duplicate"})
    answer = client.post("generate", client.generation()).json()
    assert answer["remaining_photos"] == client.photos() == 98


@pytest.mark.parametrize(
    "fields",
    [
        {"generation_id": None},
        {"generation_id": 7},
        {"generation_id": "x" * 10_000},
        {"remaining_photos": -500},
    ],
    ids=lambda fields: str(fields)[:30],
)
def test_set(client: Client, spoil: SetFaults, fields: dict[str, Any]) -> None:
    spoil({"call": "generate", "action": "set", "fields": fields})
    answer = client.post("generate", client.generation()).json()
    assert {**answer, **fields} == answer
    assert accepted(client)


def test_what_get_says(client: Client, spoil: SetFaults) -> None:
    generation_id = client.generate()
    true = client.end(generation_id)
    actions = ("unknown_status", "lowercase_status", "empty_urls")
    spoil(*({"call": "get", "action": action, "times": 1} for action in actions))
    said = [client.get(generation_id) for _ in range(4)]
    assert said == [
        {"status": "QUEUED_2", "variationNumber": 0},
        {**true, "status": "succeeded"},
        {**true, "urls": []},
        true,
    ]


def test_reset_in_the_middle_of_the_answer(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "reset", "bytes": 20})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="Connection reset by peer"):
        client.post("generate", client.generation())
    assert accepted(client)


def test_more_urls_than_variations(client: Client, spoil: SetFaults) -> None:
    generation_id = client.generate()
    true = client.end(generation_id)
    spoil({"call": "get", "action": "more_urls", "count": 3})
    urls = client.get(generation_id)["urls"]
    assert urls[0] == true["urls"][0] and len(set(urls)) == 3
    assert len({requests.get(url, timeout=5).content for url in urls}) == 1


def test_get_answers_for_another_job(client: Client, spoil: SetFaults) -> None:
    mine = client.generate()
    client.end(mine)
    spoil({"call": "job", "action": "stuck"}, {"call": "get", "action": "other_job"})
    client.generate(room_type="POOL")
    assert client.get(mine)["status"] in ("STARTING", "PROCESSING")


def test_a_redirect_though_the_job_was_accepted(client: Client, spoil: SetFaults) -> None:
    there = {"Location": client.process.url + "/elsewhere"}
    redirect = {"call": "generate", "action": "status", "code": 307, "headers": there}
    spoil({**redirect, "accepted": True})
    answer = client.post("generate", client.generation(), allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, there["Location"])
    assert accepted(client)


def test_a_picture_that_is_something_else(client: Client, spoil: SetFaults) -> None:
    url = client.end(client.generate())["urls"][0]
    kind = {"Content-Type": "image/svg+xml"}
    spoil({"call": "result", "action": "status", "code": 200, "headers": kind, "body": "<svg/>"})
    answer = requests.get(url, timeout=5)
    assert (answer.text, answer.headers["content-type"]) == ("<svg/>", "image/svg+xml")


def test_a_picture_that_cannot_be_had(client: Client, spoil: SetFaults) -> None:
    url = client.end(client.generate())["urls"][0]
    spoil(
        {"call": "result", "action": "status", "code": 403, "times": 1},
        {"call": "result", "action": "garbage", "times": 1},
        {"call": "result", "action": "truncate", "times": 1},
    )
    assert requests.get(url, timeout=5).status_code == 403
    assert requests.get(url, timeout=5).text.startswith("<!doctype html>")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(url, timeout=5)
    assert requests.get(url, timeout=5).headers["content-type"] == "image/png"


def test_a_refusal_stays_one_under_an_edit(client: Client, spoil: SetFaults) -> None:
    spoil({"call": "generate", "action": "no_id"})
    assert client.post("generate", {}).status_code == 400
