"""The log of calls: what comes into it, what never does, and the pages that show it."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts import request_log, request_writer
from accounts.models import ApiKey, ApiRequest
from accounts.request_writer import writer
from projects import tasks
from projects.models import Generation
from projects.views.developer_calls import PER_PAGE
from tests.conftest import Cast, photo_bytes
from tests.developers.pages import planted_call, text_of
from tests.stack import Stack

pytestmark = pytest.mark.django_db
LOG = "/developpeurs/appels"
ROW = f'href="{LOG}/'
PHOTO = "https://example.org/madame-dupont.jpg"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """As in a web process, but without its thread: tests write when they say so."""
    settings.REQUEST_LOG = True
    monkeypatch.setattr(writer, "_start", lambda: None)
    yield
    writer.flush()


def last() -> ApiRequest:
    writer.flush()
    return ApiRequest.objects.latest("called_at")


def job(alice: Cast, client: Client, **more: Any) -> Any:
    body = {
        "image_url": PHOTO, "mask_url": PHOTO, "room_type": "POOL", "width": 320, "height": 240,
        "title": "Madame Dupont", **more,
    }  # fmt: skip
    url, headers = "/api/v1/generations?note=Dupont", {**alice.headers, "Idempotency-Key": "j-1"}
    return client.post(url, json.dumps(body), "application/json", headers=headers)


@pytest.mark.usefixtures("on")
def test_of_a_create_names_and_ids_are_kept(alice: Cast, client: Client) -> None:
    answer = job(alice, client)
    call = last()
    assert answer.status_code == call.status == 202
    assert (call.agency, call.api_key.prefix) == (alice.agency, alice.api_key[:15])
    assert (call.method, call.path, call.query) == ("POST", "/api/v1/generations", "…")
    assert call.subject_id == Generation.objects.get().pk
    assert call.request_id == answer["X-Request-Id"] and call.idempotency_key == "j-1"
    assert call.address == "127.0.0.1" and call.code == "" and call.faults == []
    assert call.fields == ["image_url", "mask_url", "room_type", "width", "height", "title"]


@pytest.mark.usefixtures("on")
def test_no_value_key_or_answer_is_kept(alice: Cast, client: Client) -> None:
    job(alice, client)
    job(alice, client, **{"Madame Dupont": 1})
    client.get("/api/v1/projects?q=Dupont&member=Dupont%20A", headers=alice.headers)
    file = SimpleUploadedFile("dupont.jpg", photo_bytes(), "image/jpeg")
    client.post("/api/v1/uploads", {"file": file, "kind": "photo"}, headers=alice.headers)
    client.get("/api/v1/quota", headers={**alice.headers, "Idempotency-Key": "Dupont 1"})
    client.get("/api/v1/quota", headers={**alice.headers, "Idempotency-Key": alice.api_key})
    writer.flush()
    rows = list(ApiRequest.objects.order_by("called_at").values())
    assert len(rows) == 6
    text = str(rows).lower()
    assert "dupont" not in text and alice.api_key[16:] not in text
    kind, sent = sorted(rows[3]["fields"], reverse=True)
    assert kind == "kind" and sent == f"file ({file.size} B)"


@pytest.mark.usefixtures("on")
def test_of_a_refusal_the_code_and_the_fields(alice: Cast, client: Client) -> None:
    job(alice, client, room_type="CASTLE", width=0)
    call = last()
    assert (call.status, call.code) == (400, "invalid_input")
    assert sorted(call.faults) == ["room_type: invalid_choice", "width: min_value"]
    url = f"/api/v1/generations/{uuid4()}"
    client.get(url, headers=alice.headers)
    assert last().code == "not_found" and str(last().subject_id) in url
    client.post("/api/v1/generations", "{", "application/json", headers=alice.headers)
    assert last().code == "invalid_json" and last().fields == []
    client.get("/api/v1/quota/entries?format=csv&limit=9", headers=alice.headers)
    assert last().query == "format=csv&limit=9"


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("address", ["", "unknown", "203.0.113.7.4711"])
def test_what_is_no_address_is_left_out(alice: Cast, client: Client, address: str) -> None:
    client.get("/api/v1/quota", headers=alice.headers, REMOTE_ADDR=address)
    assert last().address is None


@pytest.mark.usefixtures("on")
def test_a_call_without_a_key_is_nobodys(alice: Cast, client: Client) -> None:
    for headers in ({}, {"x-api-key": "prt_live_nonsense"}):
        assert client.get("/api/v1/quota", headers=headers).status_code == 401
    ApiKey.objects.update(revoked_at=timezone.now())
    assert client.get("/api/v1/quota", headers=alice.headers).status_code == 401
    writer.flush()
    assert not ApiRequest.objects.exists()


@pytest.mark.usefixtures("on")
def test_a_call_is_answered_when_its_line_cannot_be_written(
    alice: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_rows: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(request_log, "write", broken)
    assert client.get("/api/v1/quota", headers=alice.headers).status_code == 200
    writer.flush()
    assert "1 calls are not in the request log" in caplog.text
    monkeypatch.setattr(request_writer, "MOST_WAITING", 0)
    assert client.get("/api/v1/quota", headers=alice.headers).status_code == 200
    assert "0 wait already" in caplog.text


@pytest.mark.usefixtures("on")
def test_of_a_flood_the_first_refusal_is_kept(alice: Cast, client: Client, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    for _call in range(6):
        client.get("/api/v1/quota", headers=alice.headers)
    writer.flush()
    kept = ApiRequest.objects.order_by("called_at").values_list("status", flat=True)
    assert list(kept) == [200, 200, 429]


def test_nothing_is_kept_where_nothing_is_to_be_kept(alice: Cast, client: Client) -> None:
    client.get("/api/v1/quota", headers=alice.headers)
    writer.flush()
    assert not ApiRequest.objects.exists()


def key_of(cast: Cast) -> ApiKey:
    return ApiKey.objects.get(prefix=cast.api_key[:15])


def test_after_thirty_days_it_is_gone(alice: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    key = key_of(alice)
    for hours in (30 * 24 + 1, 30 * 24 + 2, 30 * 24 + 3, 30 * 24 - 1):
        planted_call(key, called_at=now - timedelta(hours=hours))
    monkeypatch.setattr(request_log, "SWEPT", 2)
    tasks.sweep_photos()
    assert ApiRequest.objects.get().called_at == now - timedelta(hours=30 * 24 - 1)


# --- The pages


def count(client: Client, **query: Any) -> int:
    return text_of(client.get(LOG, query)).count(ROW)


def test_it_is_narrowed_by_the_address(alice: Cast, alice_client: Client) -> None:
    live = key_of(alice)
    test = ApiKey.objects.get(prefix=alice.test_api_key[:15])
    made = planted_call(live, subject_id=uuid4(), idempotency_key="order-7")
    planted_call(live, status=429, code="throttled")
    planted_call(test, status=500)
    assert count(alice_client) == 3
    assert [count(alice_client, result=word) for word in ("accepted", "refused", "failed")] == [
        1
    ] * 3
    assert count(alice_client, key=test.pk) == 1
    for text in (made.request_id, made.idempotency_key, str(made.subject_id)):
        assert count(alice_client, id=text) == 1
    assert "No call fits" in text_of(alice_client.get(LOG, {"id": "nothing"}))
    wrong = alice_client.get(LOG, {"key": "no id"})
    assert wrong.status_code == 422 and text_of(wrong).count(ROW) == 3


def test_older_calls_are_on_the_next_page(alice: Cast, alice_client: Client) -> None:
    key, now = key_of(alice), timezone.now()
    for second in range(PER_PAGE + 3):
        planted_call(key, called_at=now - timedelta(seconds=second), path=f"/at/{second}/")
    first = alice_client.get(LOG, {"result": "accepted"})
    link = text_of(first).split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text_of(alice_client.get(LOG + link))
    assert text_of(first).count(ROW) == PER_PAGE and second.count(ROW) == 3
    assert f"/at/{PER_PAGE}/" in second and 'rel="next"' not in second


def test_one_call_says_all_that_is_kept(alice: Cast, alice_client: Client) -> None:
    made = planted_call(
        key_of(alice), method="POST", path="/api/v1/generations", query="limit=<b>", status=400,
        code="invalid_input", faults=["room_type: invalid_choice"], fields=["room_type", "<i>"],
        idempotency_key="order-7", address="192.0.2.7", milliseconds=41,
    )  # fmt: skip
    told = text_of(alice_client.get(f"{LOG}/{made.pk}"))
    for word in (
        "invalid_input", "room_type: invalid_choice", "order-7", "192.0.2.7", "41 ms",
        made.request_id, alice.api_key[:15], "limit=&lt;b&gt;",
    ):  # fmt: skip
        assert word in told, word
    assert "<i>" not in told.split("<main")[1]


def test_before_the_first_call(alice_client: Client) -> None:
    assert "No call yet" in text_of(alice_client.get(LOG))


def test_the_overview_counts_the_last_day(alice: Cast, alice_client: Client) -> None:
    key = key_of(alice)
    for status, hours in ((200, 1), (200, 25), (404, 1), (503, 1)):
        planted_call(key, status=status, called_at=timezone.now() - timedelta(hours=hours))
    told = text_of(alice_client.get("/developpeurs"))
    for result in ("accepted", "refused", "failed"):
        assert f'{LOG}?result={result}"><strong>1</strong>' in told


def test_a_web_process_writes_it_a_moment_later(stack: Stack) -> None:
    """With its own thread; gunicorn's workers are forks of what imported it."""
    name = f"call-{uuid4().hex}"
    headers = {"x-api-key": stack.agency["api_key"], "X-Request-Id": name}
    assert requests.get(f"{stack.url}/api/v1/quota", headers=headers, timeout=30).status_code == 200
    ask = f"from accounts.models import ApiRequest as R; print(R.objects.get(request_id={name!r}))"
    time.sleep(2 * request_writer.PAUSE_S)
    assert stack.manage("shell", "--no-imports", "-c", ask).strip() == "GET /api/v1/quota"
