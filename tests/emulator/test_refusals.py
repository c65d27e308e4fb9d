"""Each documented refusal, and that it costs nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.emulator.garden_server import GardenServer
from tests.emulator.process import PATHS, Client, Process


def refused(answer: requests.Response, status: int, word: str) -> None:
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["message"]
    assert word in answer.json()["message"]


def bodies(client: Client) -> dict[str, dict[str, Any]]:
    """A complete body for each call."""
    one = {"user_id": client.user_id, "generation_id": str(uuid4())}
    return {
        "generate": client.generation(),
        "variation": client.variation(str(uuid4())),
        "get": one,
        "credit": {"user_id": client.user_id},
    }


WRONG = {
    "user_id": ["", "no uuid", 7, None, "{00000000-0000-0000-0000-000000000000}"],
    "generation_id": ["no uuid", 7, None, []],
    "image_url": ["", "photo.jpg", "ftp://127.0.0.1/photo.jpg", "http://", 7, None],
    "mask_url": ["mask.png", "http://[", 7, {}],
    "original_url": ["photo.jpg", True, None],
    "room_type": ["GARDEN", "terrace", 7, None],
    "width": ["320", 0, -1, 1.5, True, None],
    "height": ["240", 0, None],
    "webhook": ["not a url", 7],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_a_wrong_field_is_named(client: Client, name: str, value: Any) -> None:
    for call, body in bodies(client).items():
        optional = name == "webhook" and call in ("generate", "variation")
        if name in body or optional:
            refused(client.post(call, {**body, name: value}), 400, name)
    assert client.photos() == 100


@pytest.mark.parametrize("call", PATHS)
def test_a_missing_field_is_named(client: Client, call: str) -> None:
    body = bodies(client)[call]
    for name in body:
        without = {key: value for key, value in body.items() if key != name}
        refused(client.post(call, without), 400, name)


@pytest.mark.parametrize("call", PATHS)
def test_a_key_is_needed(client: Client, call: str) -> None:
    for headers in ({}, {"x-api-key": ""}):
        refused(client.post(call, bodies(client)[call], headers=headers), 401, "x-api-key")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'"text"', b"[" * 100_000])
def test_a_body_that_is_no_json_object(client: Client, process: Process, content: bytes) -> None:
    for path in PATHS.values():
        answer = requests.post(
            process.url + path, data=content, headers={"x-api-key": "k"}, timeout=5
        )
        refused(answer, 400, "JSON")


def test_a_body_that_is_too_large(process: Process) -> None:
    url = process.url + PATHS["get"]
    headers = {"x-api-key": "k", "Content-Length": str(10**9)}
    answer = requests.Session().send(
        requests.Request("POST", url, headers=headers).prepare(), timeout=5
    )
    refused(answer, 413, "bytes")


def test_unknown_fields_are_ignored(client: Client) -> None:
    assert client.generate(colour="red", theme="MODERN")


def test_an_unknown_generation_and_a_foreign_one_look_the_same(
    client: Client, process: Process, garden: GardenServer
) -> None:
    theirs = Client(process, garden.url).generate()
    for generation_id in (theirs, str(uuid4())):
        body = {"user_id": client.user_id, "generation_id": generation_id}
        refused(client.post("get", body), 404, generation_id)
        refused(client.post("variation", client.variation(generation_id)), 404, generation_id)


def test_the_key_must_match_the_user(client: Client) -> None:
    generation_id = client.generate()
    client.api_key = "another key"
    body = {"user_id": client.user_id, "generation_id": generation_id}
    refused(client.post("get", body), 404, generation_id)


def test_no_photos_left(other_client: Client) -> None:
    """A generation costs 2 there, and an account gets 9."""
    for _ in range(4):
        other_client.generate()
    refused(other_client.post("generate", other_client.generation()), 402, "photos")
    assert other_client.photos() == 1


def test_another_code_for_no_photos_left(late_payer: Client) -> None:
    """An account gets 1 there, which is taken when a job succeeds."""
    late_payer.end(late_payer.generate(mask_url=f"{late_payer.files}/inverted-mask.png"))
    refused(late_payer.post("generate", late_payer.generation()), 403, "photos")


def test_photos_are_never_given_twice(other_client: Client) -> None:
    """9 photos at 2 each, asked for by 16 at once."""
    body = other_client.generation()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: other_client.post("generate", body), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [402] * 12
    assert other_client.photos() == 1


def test_an_unknown_path_and_the_wrong_method(process: Process) -> None:
    refused(requests.post(f"{process.url}/api/sky/generate", json={}, timeout=5), 404, "sky")
    refused(requests.get(process.url + PATHS["get"], timeout=5), 404, "GET")
