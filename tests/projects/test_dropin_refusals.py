"""Bad input at iacrea's wire: a clear error with a stable code, nothing stored, nothing charged."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.choices import Mode, Scope
from accounts.keys import issue_api_key
from accounts.models import PhotoQuota
from accounts.selectors import quota_of
from projects import lifecycle
from projects.models import Generation, Project
from tests.conftest import NOBODY, Cast
from tests.garden import processing_generation, succeeded_generation

pytestmark = pytest.mark.django_db
GENERATE = "/api/create_exterior/generate"
VARIATION = "/api/create_exterior/generate-variation"
GET = "/api/create_exterior/get"


def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    fields = {
        "user_id": cast.user_id,
        "image_url": "https://example.org/photo.jpg",
        "mask_url": "https://example.org/mask.png",
        "room_type": "TERRACE",
        "width": 1024,
        "height": 768,
    }
    return {**fields, **changes}


def post(client: Client, url: str, data: Any, key: str | None) -> Any:
    headers = {"x-api-key": key} if key else {}
    text = data if isinstance(data, str) else json.dumps(data)
    return client.post(url, text, content_type="application/json", headers=headers)


def nothing_happened(cast: Cast) -> bool:
    row = quota_of(cast.agency, Mode.LIVE)
    balances = (row.available, row.held, row.consumed)
    return balances == (10, 0, 0) and not Project.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"room_type": "JACUZZI"}, 400, "room_type"),
        ({"room_type": "pool"}, 400, "room_type"),
        ({"room_type": ["POOL"]}, 400, "room_type"),
        ({"room_type": "\ud800"}, 400, "room_type"),
        ({"width": "1024"}, 400, "width"),
        ({"width": 0}, 400, "width"),
        ({"height": -1}, 400, "height"),
        ({"height": 12.5}, 400, "height"),
        ({"width": True}, 400, "width"),
        ({"width": None}, 400, "width"),
        ({"image_url": "photo.jpg"}, 400, "image_url"),
        ({"image_url": "ftp://example.org/a.jpg"}, 400, "image_url"),
        ({"image_url": 7}, 400, "image_url"),
        ({"image_url": "https://example.org:bad/a.jpg"}, 400, "image_url"),
        ({"mask_url": ""}, 400, "mask_url"),
        ({"mask_url": "https://"}, 400, "mask_url"),
        ({"webhook": "javascript:alert(1)"}, 400, "webhook"),
        ({"user_id": "not-a-uuid"}, 400, "user_id"),
        ({"user_id": NOBODY}, 404, "user_id"),
    ],
    ids=str,
)
def test_a_bad_field_is_named(
    alice: Cast, client: Client, changes: dict[str, Any], status: int, field: str
) -> None:
    answer = post(client, GENERATE, body(alice, **changes), alice.api_key)
    problem = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["field"] == field
    assert problem["code"] in ("invalid", "invalid_input", "not_found")
    assert isinstance(problem["error"], str) and isinstance(problem["message"], str)
    assert nothing_happened(alice)


@pytest.mark.parametrize(
    "missing", ["user_id", "image_url", "mask_url", "room_type", "width", "height"]
)
def test_a_missing_field_is_named(alice: Cast, client: Client, missing: str) -> None:
    fields = body(alice)
    del fields[missing]
    answer = post(client, GENERATE, fields, alice.api_key)
    assert answer.status_code == 400 and answer.json()["field"] == missing
    assert nothing_happened(alice)


def test_unknown_fields_are_ignored(alice: Cast, client: Client) -> None:
    answer = post(client, GENERATE, body(alice, style="wood"), alice.api_key)
    assert answer.status_code == 200


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "null", "{'user_id': 1}"])
def test_broken_json(alice: Cast, client: Client, text: str) -> None:
    answer = post(client, GENERATE, text, alice.api_key)
    assert answer.status_code == 400 and answer.json()["code"]
    assert nothing_happened(alice)


@pytest.mark.parametrize("mebibytes", [1.5, 2.5])
def test_a_body_that_is_too_large(alice: Cast, client: Client, mebibytes: float) -> None:
    answer = post(client, GENERATE, " " * int(mebibytes * 2**20), alice.api_key)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


@pytest.mark.parametrize("key", [None, "x", "prt_live_" + "0" * 49])
@pytest.mark.parametrize("url", [GENERATE, VARIATION, GET, "/api/account/credit"])
def test_a_wrong_or_absent_key(alice: Cast, client: Client, key: str | None, url: str) -> None:
    answer = post(client, url, body(alice), key)
    assert answer.status_code == 401 and answer.json()["code"] == "unauthenticated"
    assert nothing_happened(alice)


def test_a_key_without_the_scope(alice: Cast, client: Client) -> None:
    _key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE, scopes=[Scope.GENERATIONS_READ])
    answer = post(client, GENERATE, body(alice), text)
    assert answer.status_code == 403 and answer.json()["code"] == "forbidden"
    assert nothing_happened(alice)


@pytest.mark.parametrize("verb", ["get", "put", "delete"])
def test_other_verbs(alice: Cast, client: Client, verb: str) -> None:
    assert getattr(client, verb)(GENERATE, headers=alice.headers).status_code == 405


def test_no_photo_left(alice: Cast, client: Client) -> None:
    for _ in range(10):
        assert post(client, GENERATE, body(alice), alice.api_key).status_code == 200
    before = Generation.objects.count()
    answer = post(client, GENERATE, body(alice), alice.api_key)
    assert answer.status_code == 402 and answer.json()["code"] == "no_photos_left"
    assert Generation.objects.count() == before == Project.objects.count()
    assert PhotoQuota.objects.get(agency=alice.agency, mode="live").held == 10


def variation(cast: Cast, parent: Generation, **changes: Any) -> dict[str, Any]:
    fields = {
        "user_id": cast.user_id,
        "generation_id": str(parent.pk),
        "original_url": "https://example.org/photo.jpg",
        "room_type": "POOL",
    }
    return {**fields, **changes}


def test_a_variation_of_a_running_generation(alice: Cast, client: Client) -> None:
    parent = processing_generation(alice)
    answer = post(client, VARIATION, variation(alice, parent), alice.api_key)
    assert answer.status_code == 409 and answer.json()["code"] == "source_not_ready"
    assert Generation.objects.count() == 1


def test_a_variation_of_a_failed_generation(alice: Cast, client: Client) -> None:
    parent = processing_generation(alice)
    lifecycle.fail_upstream(parent)
    answer = post(client, VARIATION, variation(alice, parent), alice.api_key)
    assert answer.status_code == 409 and answer.json()["code"] == "source_not_ready"


def test_a_variation_of_an_erased_generation(alice: Cast, client: Client) -> None:
    parent = succeeded_generation(alice)
    Generation.objects.filter(pk=parent.pk).update(erased_at=parent.created_at)
    answer = post(client, VARIATION, variation(alice, parent), alice.api_key)
    assert answer.status_code == 410 and answer.json()["code"] == "source_gone"


def test_a_variation_names_its_bad_fields(alice: Cast, client: Client) -> None:
    parent = succeeded_generation(alice)
    for change in ({"original_url": "x"}, {"generation_id": "x"}, {"room_type": "GARAGE"}):
        answer = post(client, VARIATION, variation(alice, parent, **change), alice.api_key)
        assert answer.status_code == 400 and answer.json()["field"] == next(iter(change))
    assert Generation.objects.count() == 1


def test_no_emulator_means_no_test_mode(alice: Cast, client: Client, settings: Any) -> None:
    settings.EMULATOR_URL = None
    answer = post(client, GENERATE, body(alice), alice.test_api_key)
    assert answer.status_code == 503 and answer.json()["code"] == "test_mode_unavailable"


def test_errors_speak_the_callers_language(alice: Cast, client: Client) -> None:
    headers = {"x-api-key": alice.api_key, "accept-language": "fr"}
    fields = body(alice, user_id=str(uuid4()))
    answer = client.post(
        GENERATE, json.dumps(fields), content_type="application/json", headers=headers
    )
    assert "agence" in answer.json()["detail"]
