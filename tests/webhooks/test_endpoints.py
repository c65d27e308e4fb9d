"""Endpoints through the API: made, changed, tested, disabled, enabled, deleted."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint, WebhookSecret
from integrations.webhooks.services import MOST_ENDPOINTS
from tests.conftest import Cast
from tests.webhooks.api import ENDPOINTS, EVENTS, Api, live

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.org/parterre"


def path(endpoint: Any, *more: str) -> str:
    return "/".join([ENDPOINTS, endpoint["id"], *more])


def test_an_endpoint_shows_its_secret_once(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK, description="CRM", event_types=["quota.low", "quota.low"])
    assert made.pop("secret").startswith("whsec_")
    assert made == {
        "id": made["id"], "mode": "live", "url": HOOK, "description": "CRM",
        "event_types": ["quota.low"], "disabled": False, "disabled_at": None,
        "disabled_reason": "", "failing_since": None, "created_at": made["created_at"],
    }  # fmt: skip
    assert made["created_at"].endswith("Z")
    assert live(alice).get(path(made)) == (200, made)
    assert live(alice).get(ENDPOINTS) == (200, {"data": [made], "next": None, "previous": None})


def test_secrets_are_encrypted_and_in_no_kept_answer(alice: Cast) -> None:
    from django.db import connection

    repeat = {"idempotency-key": "once"}
    first = live(alice).post(ENDPOINTS, {"url": HOOK}, **repeat)
    assert live(alice).post(ENDPOINTS, {"url": HOOK}, **repeat) == first
    assert WebhookEndpoint.objects.count() == 1
    kept = []
    with connection.cursor() as cursor:
        for table in ("accounts_idempotentanswer", "webhooks_webhooksecret"):
            cursor.execute(f"SELECT * FROM {table}")
            kept += cursor.fetchall()
    assert len(kept) == 2 and first[1]["secret"] not in str(kept)


def test_a_change(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    changes = {"url": f"{HOOK}/2", "description": "new", "event_types": ["test.ping"]}
    status, changed = live(alice).send("patch", path(made), changes)
    assert status == 200 and changed.items() >= changes.items()
    assert live(alice).send("patch", path(made), {})[0] == 200


def test_what_waits_follows_a_new_url(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "test"))
    live(alice).send("patch", path(made), {"url": "https://other.example.org:8443/x"})
    row = Delivery.objects.get()
    assert (row.url, row.host) == ("https://other.example.org:8443/x", "other.example.org:8443")


def test_a_deleted_endpoint_is_gone(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "test"))
    assert live(alice).send("delete", path(made)) == (204, None)
    assert live(alice).get(path(made))[0] == 404
    assert live(alice).get(ENDPOINTS)[1]["data"] == []
    assert (Delivery.objects.get().state, Delivery.objects.get().error) == (
        "failed", "endpoint_deleted",
    )  # fmt: skip
    assert not WebhookSecret.objects.exists()


def test_disabled_by_hand_and_enabled_again(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "test"))
    _status, off = live(alice).send("patch", path(made), {"disabled": True})
    assert (off["disabled"], off["disabled_reason"]) == (True, "requested") and off["disabled_at"]
    assert live(alice).post(path(made, "test"))[1]["code"] == "endpoint_disabled"
    assert [row["error"] for row in live(alice).deliveries(made)] == ["endpoint_disabled"]
    status, on = live(alice).post(path(made, "enable"))
    assert (status, on["disabled"], on["disabled_reason"]) == (200, False, "")
    assert live(alice).post(path(made, "test"))[0] == 202
    assert live(alice).send("patch", path(made), {"disabled": False})[0] == 200


def test_what_was_done_is_in_the_audit_trail(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "rotate-secret"))
    live(alice).send("patch", path(made), {"disabled": True})
    live(alice).post(path(made, "enable"))
    live(alice).send("delete", path(made))
    trail = AuditEntry.objects.filter(target=made["id"]).order_by("created_at")
    assert [entry.action.removeprefix("webhook_endpoint.") for entry in trail] == [
        "created", "secret_rotated", "disabled", "enabled", "deleted",
    ]  # fmt: skip
    assert all(entry.actor_id and "whsec" not in str(entry.detail) for entry in trail)


def test_there_are_twenty_at_most_in_each_mode(alice: Cast) -> None:
    for number in range(MOST_ENDPOINTS):
        made = live(alice).endpoint(f"{HOOK}/{number}")
    status, answer = live(alice).post(ENDPOINTS, {"url": HOOK})
    assert (status, answer["code"]) == (409, "too_many_endpoints")
    Api(alice.test_api_key).endpoint(HOOK)
    live(alice).send("delete", path(made))
    live(alice).endpoint(HOOK)


def test_pages_of_a_list(alice: Cast) -> None:
    made = [live(alice).endpoint(f"{HOOK}/{number}") for number in range(3)]
    _status, first = live(alice).get(ENDPOINTS, limit=2)
    _status, second = live(alice).get(first["next"])
    assert [row["url"] for page in (first, second) for row in page["data"]] == [
        row["url"] for row in reversed(made)
    ]
    assert (first["previous"], second["next"]) == (None, None)
    assert live(alice).get(second["previous"])[1]["data"] == first["data"]
    status, answer = live(alice).get(ENDPOINTS, cursor="elsewhere")
    assert (status, answer["field"]) == (400, "cursor")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "url"), ({"url": 5}, "url"), ({"url": ""}, "url"), ({"url": "hooks"}, "url"),
        ({"url": "http://hooks.example.org/"}, "url"), ({"url": HOOK + "x" * 2000}, "url"),
        ({"url": HOOK, "event_types": ["nothing"]}, "event_types.0"),
        ({"url": HOOK, "event_types": "quota.low"}, "event_types"),
        ({"url": HOOK, "event_types": [{}]}, "event_types.0"),
        ({"url": HOOK, "event_types": ["\ud800"]}, "event_types.0"),
        ({"url": HOOK, "description": "x" * 201}, "description"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named(alice: Cast, fields: dict[str, Any], field: str) -> None:
    status, answer = live(alice).post(ENDPOINTS, fields)
    assert (status, answer["code"], answer["field"]) == (400, "invalid_input", field)
    assert not WebhookEndpoint.objects.exists()


def test_the_refusal_says_what_this_installation_takes(alice: Cast, settings: Any) -> None:
    """In the demo receivers on the same machine are allowed, and a refusal says so."""
    _status, answer = live(alice).post(ENDPOINTS, {"url": "http://192.168.1.4/"})
    assert "127.0.0.1" in answer["detail"]
    live(alice).endpoint("http://127.0.0.1:9000/hook")
    settings.OUTBOUND_ALLOW = []
    status, answer = live(alice).post(ENDPOINTS, {"url": "http://127.0.0.1:9000/hook"})
    assert status == 400 and "127.0.0.1" not in answer["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"since": "monday"}, "since"),
        ({"event_type": "x"}, "event_type"),
    ],
)
def test_a_filter_that_is_none_is_told(alice: Cast, query: dict[str, str], field: str) -> None:
    made = live(alice).endpoint(HOOK)
    status, answer = live(alice).get(path(made, "deliveries"), **query)
    assert (status, answer["field"]) == (400, field)


def test_deliveries_by_state_type_and_age(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "test"))
    (row,) = live(alice).deliveries(made, state="pending", event_type="test.ping")
    assert live(alice).deliveries(made, state="failed") == []
    assert live(alice).deliveries(made, event_type="quota.low") == []
    assert live(alice).deliveries(made, since="2020-01-01T00:00:00Z") == [row]
    assert live(alice).deliveries(made, since="2999-01-01T00:00:00Z") == []
    _status, whole = live(alice).get(path(made, "deliveries", row["id"]))
    assert whole == {**row, "url": HOOK, "body": whole["body"]}
    assert whole["body"]["type"] == "test.ping" and whole["body"]["id"] == row["event"]


def test_an_event_is_the_object_that_was_sent(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).post(path(made, "test"))
    sent = Event.objects.get()
    status, answer = live(alice).get(f"{EVENTS}/{sent.pk}")
    assert status == 200 and list(answer) == ["id", "type", "timestamp", "data"]
    assert live(alice).get(EVENTS)[1]["data"] == [answer]
    assert live(alice).get(EVENTS, type="test.ping", subject_id=made["id"])[1]["data"] == [answer]
    assert live(alice).get(EVENTS, type="quota.low")[1]["data"] == []
    assert Delivery.objects.get().body == sent.body


def test_ids_that_are_nobodys(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    for gone in (
        live(alice).get(f"{ENDPOINTS}/{uuid4()}"),
        live(alice).get(path(made, "deliveries", str(uuid4()))),
        live(alice).get(f"{EVENTS}/{uuid4()}"),
    ):
        assert (gone[0], gone[1]["code"]) == (404, "not_found")


def test_scopes(alice: Cast) -> None:
    from accounts.choices import Mode
    from accounts.keys import issue_api_key

    made = live(alice).endpoint(HOOK)
    key = {
        scope: issue_api_key(agency=alice.agency, mode=Mode.LIVE, scopes=[scope])[1]
        for scope in ("generations:read", "webhooks:write")
    }
    reads, webhooks = Api(key["generations:read"]), Api(key["webhooks:write"])
    assert (reads.get(EVENTS)[0], webhooks.get(EVENTS)[0]) == (200, 403)
    assert (reads.get(path(made))[0], webhooks.get(path(made))[0]) == (403, 200)
