"""What the endings of a call mean, against a real HTTP server."""

import socket
from typing import Any

import pytest

from integrations.doors.retry_after import seconds_to_wait
from integrations.iacrea import errors
from integrations.iacrea.client import GenerateRequest, IacreaClient, VariationRequest
from tests.servers import Reply, Server

KEY, USER = "the-account's-key", "11111111-2222-3333-4444-555555555555"
GENERATE = GenerateRequest(
    image_url="https://parterre.example/m/abc/photo.jpg",
    mask_url="https://parterre.example/m/abc/mask.png",
    room_type="POOL",
    width=1024,
    height=768,
    webhook="https://parterre.example/callbacks/secret",
)
ACCEPTED = {"generation_id": "abc", "remaining_photos": 41, "project_id": "def"}


def client(server: Server) -> IacreaClient:
    return IacreaClient(base_url=server.origin, api_key=KEY, user_id=USER)


def answering(reply: Reply) -> Server:
    return Server(lambda _request: reply)


def test_generate_sends_iacreas_fields_and_the_accounts_key() -> None:
    with answering(Reply.json(ACCEPTED)) as server:
        accepted = client(server).generate(GENERATE)
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/api/create_exterior/generate")
    assert request.headers["x-api-key"] == KEY
    assert request.json() == {
        "user_id": USER,
        "image_url": GENERATE.image_url,
        "mask_url": GENERATE.mask_url,
        "room_type": "POOL",
        "width": 1024,
        "height": 768,
        "webhook": GENERATE.webhook,
    }
    assert (accepted.generation_id, accepted.remaining_photos) == ("abc", 41)


def test_a_variation_leaves_out_what_it_does_not_say() -> None:
    request = VariationRequest("abc", "https://parterre.example/m/abc/photo.jpg", "TERRACE")
    with answering(Reply.json({"generation_id": "next"})) as server:
        assert client(server).generate_variation(request).generation_id == "next"
    assert server.requests[0].path == "/api/create_exterior/generate-variation"
    assert server.requests[0].json() == {
        "user_id": USER,
        "generation_id": "abc",
        "original_url": request.original_url,
        "room_type": "TERRACE",
    }


def test_get_and_credit() -> None:
    done = {"status": "SUCCEEDED", "urls": ["https://x/1.png"], "variationNumber": 2}
    with answering(Reply.json(done)) as server:
        state = client(server).get("abc")
    assert server.requests[0].json() == {"user_id": USER, "generation_id": "abc"}
    assert (state.status, state.urls, state.variation_number) == (
        "succeeded", ("https://x/1.png",), 2,
    )  # fmt: skip
    with answering(Reply.json({"total": 3, "subscription": 1, "extra": 2})) as server:
        assert client(server).credit().total == 3


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
def test_refused(status: int) -> None:
    with answering(Reply.json({"message": "no"}, status)) as server, pytest.raises(errors.Refused):
        client(server).generate(GENERATE)


@pytest.mark.parametrize("status", [401, 402, 403])
def test_the_accounts_fault(status: int) -> None:
    with answering(Reply(status)) as server, pytest.raises(errors.AccountFault):
        client(server).generate(GENERATE)


@pytest.mark.parametrize("status", [302, 307, 405, 409, 418, 500, 502, 503, 504])
def test_unclear_by_status(status: int) -> None:
    reply = Reply(status, headers={"location": "http://127.0.0.1:1/", "retry-after": "5"})
    with answering(reply) as server, pytest.raises(errors.Unclear):
        client(server).generate(GENERATE)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>busy</html>", b'{"generation_id": "a',
        b"\xef\xbb\xbf" + b'{"generation_id": "a"}',
        b'{"generation_id": NaN}', b"[]", b'"abc"', b"null", b"[" * 100_000, b"\xff\xfe",
        b'{"generation_id": null}', b'{"generation_id": 7}', b'{"generation_id": ""}',
        rb'{"generation_id": "a\u0000"}', rb'{"generation_id": "a\ud800"}',
        b'{"generation_id": "' + b"x" * 10_000 + b'"}', b"x" * 2_000_000,
    ],
    ids=lambda body: f"{body[:24]!r}…",
)  # fmt: skip
def test_unclear_by_body(body: bytes) -> None:
    with answering(Reply(body=body)) as server, pytest.raises(errors.Unclear):
        client(server).generate(GENERATE)


def test_evidence_holds_no_secret_and_fits_a_json_column() -> None:
    body = f"bad\0 {KEY} https://parterre.example/callbacks/{'s' * 43}".encode() * 1000
    with answering(Reply(body=body)) as server, pytest.raises(errors.Unclear) as error:
        client(server).generate(GENERATE)
    kept = error.value.evidence["body"]
    assert KEY not in kept and "s" * 43 not in kept and "\0" not in kept
    assert len(kept) <= 16 * 1024


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7), ("0", 1), ("99999999999999", 900), ("", 30), ("soon", 30), ("-5", 30),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1), ("Fri, 21 Oct 2095 07:28:00 GMT", 900),
    ],
)  # fmt: skip
def test_retry_after_is_clamped(header: str, seconds: int) -> None:
    assert seconds_to_wait(header) == seconds


def test_429_is_not_accepted() -> None:
    with (
        answering(Reply(429, headers={"retry-after": "7"})) as server,
        pytest.raises(errors.RateLimited) as error,
    ):
        client(server).generate(GENERATE)
    assert error.value.retry_after == 7


def test_a_refused_connection_is_proven_not_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nothing answers there
        origin = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(errors.NotSent):
            IacreaClient(base_url=origin, api_key=KEY, user_id=USER).generate(GENERATE)


@pytest.mark.parametrize("value", [[], "x", None])
def test_anything_strange_from_get_tells_nothing(value: Any) -> None:
    with answering(Reply.json(value)) as server, pytest.raises(errors.IacreaError):
        client(server).get("abc")


@pytest.mark.parametrize("value", [{"status": None}, {"status": 3}, {}])
def test_an_answer_without_a_status_has_none(value: Any) -> None:
    with answering(Reply.json(value)) as server:
        assert client(server).get("abc").status == ""


def test_statuses_are_read_in_any_case() -> None:
    with answering(Reply.json({"status": "Processing", "urls": None})) as server:
        assert client(server).get("abc").status == "processing"
