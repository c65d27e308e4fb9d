"""docs/webhooks.md says what is so."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from deploy.tree import ROOT
from integrations.webhooks import lanes, quota_events, retention, services
from integrations.webhooks.deliveries import RETRY_S
from integrations.webhooks.models import Event, EventType
from integrations.webhooks.urls import webhook_urls
from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation
from tests.servers import Reply, Server
from tests.webhooks.api import ENDPOINTS, live
from tests.worker import sweep_once

PAGE = (ROOT / "docs/webhooks.md").read_text()
SHOWN = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
UNITS = {"s": 1, "min": 60, "h": 3600}


def test_each_type_has_an_example() -> None:
    assert [event["type"] for event in SHOWN] == EventType.values


@pytest.mark.django_db
def test_the_examples_have_the_fields_that_are_sent(alice: Cast) -> None:
    succeeded_generation(alice)
    for _ in range(9):
        queued_generation(alice)
    shown = {event["type"]: event for event in SHOWN}
    sent = [json.loads(event.body) for event in Event.objects.all()]
    assert {event["type"] for event in sent} == {
        "generation.succeeded", "quota.low", "quota.exhausted",
    }  # fmt: skip
    for event in sent:
        example = shown[event["type"]]
        assert list(event) == list(example) and list(event["data"]) == list(example["data"])


@pytest.mark.django_db
def test_the_pages_own_code_verifies_what_is_sent(alice: Cast) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict[str, Any] = {}
    exec(code, space)
    verify: Callable[[str, dict[str, str], bytes], bool] = space["verify"]
    with Server(lambda _request: Reply(204)) as server:
        made = live(alice).endpoint(server.origin)
        live(alice).post(f"{ENDPOINTS}/{made['id']}/test")
        sweep_once()
    (request,) = server.requests
    assert verify(made["secret"], request.headers, request.body)
    assert not verify(made["secret"], request.headers, request.body + b" ")
    old = {**request.headers, "webhook-timestamp": "1"}
    assert not verify(made["secret"], old, request.body)
    assert not verify(made["secret"], {}, request.body)


def test_the_table_of_tries() -> None:
    (row,) = re.findall(r"^\| after the one before \| at once \| (.+) \|$", PAGE, re.MULTILINE)
    waits = [number_and_unit.split() for number_and_unit in row.split(" | ")]
    assert tuple(int(number) * UNITS[unit] for number, unit in waits) == RETRY_S


def test_the_figures() -> None:
    assert (lanes.PER_LANE, lanes.PER_AGENCY) == (4, 8)
    assert (quota_events.LEAST, quota_events.MOST) == (5, 100)
    assert (services.MOST_ENDPOINTS, services.MOST_SECRETS) == (20, 3)
    assert timedelta(hours=24) == services.OVERLAP and timedelta(days=30) == retention.KEPT


@pytest.mark.parametrize("pattern", webhook_urls, ids=lambda pattern: str(pattern.pattern))
def test_each_call_is_told(pattern: Any) -> None:
    last = str(pattern.pattern).rstrip("/").rpartition("/")[2]
    assert last.startswith("<uuid:") or last in PAGE
