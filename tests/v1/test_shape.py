"""What every answer of `/api/v1/` has in common, by a look at each list and each address."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.webhooks.models import Event
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.v1.api import Api, live

pytestmark = pytest.mark.django_db
RECEIVER = {"url": "https://hooks.example.org/"}
LISTS = [
    "generations", "projects", "quota/entries", "members", "webhook-endpoints",
    "webhook-endpoints/{endpoint}/deliveries", "events",
]  # fmt: skip
ADDRESSES = [
    "generations/{generation}", "projects/{project}", "uploads/{upload}", "members/{member}",
    "webhook-endpoints/{endpoint}", "webhook-endpoints/{endpoint}/deliveries/{delivery}",
    "events/{event}",
]  # fmt: skip
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TIMES = {"created_at", "updated_at", "ended_at", "next_attempt_at", "timestamp"}
IDS = {"id", "generation", "lot", "project", "member", "image", "mask", "event", "subject_id",
       "iacrea_user_id", "endpoint_id"}  # fmt: skip


def furnished(cast: Cast) -> dict[str, str]:
    """Two rows at least in each list; the names are those of the addresses above."""
    api, job = live(cast), succeeded_generation(cast)
    api.job()
    assert api.send("put", f"members/{uuid4()}", {"email": "bob@example.org"})[0] == 201
    _status, endpoint = api.post("webhook-endpoints", RECEIVER)
    api.post("webhook-endpoints", RECEIVER)
    pings = [api.post(f"webhook-endpoints/{endpoint['id']}/test")[1] for _ in range(2)]
    return {
        "generation": str(job.pk), "project": str(job.project_id), "upload": str(job.photo_id),
        "member": cast.user_id, "endpoint": endpoint["id"], "delivery": pings[0]["id"],
        "event": str(Event.objects.filter(agency=cast.agency).latest("created_at").pk),
    }  # fmt: skip


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of an answer under the name of its field."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    else:
        yield name, value


def everything(api: Api, names: dict[str, str]) -> list[tuple[str, Any]]:
    paths = [path.format(**names) for path in [*LISTS, *ADDRESSES, "quota"]]
    return [leaf for path in paths for leaf in leaves(api.get(path)[1])]


def test_each_list_is_read_by_cursor(alice: Cast) -> None:
    api, names = live(alice), furnished(alice)
    for path in LISTS:
        _status, whole = api.get(path.format(**names))
        _status, first = api.get(path.format(**names), limit=1)
        second = api.client.get(first["next"]).json()
        assert named(whole)[:2] == named(first) + named(second) and named(whole)[1:], path
        assert named(api.client.get(second["previous"]).json()) == named(first), path


def named(page: dict[str, Any]) -> list[Any]:
    """Without links, which are fresh ones each time."""
    return [row.get("id", row.get("iacrea_user_id")) for row in page["data"]]


def test_each_id_is_a_uuid(alice: Cast) -> None:
    found = {leaf for leaf in everything(live(alice), furnished(alice)) if leaf[0] in IDS}
    assert {name for name, _value in found} == IDS
    assert all(value is None or str(UUID(value)) == value for _name, value in found)


def test_each_time_is_iso_8601_in_utc(alice: Cast) -> None:
    found = [leaf for leaf in everything(live(alice), furnished(alice)) if leaf[0] in TIMES]
    assert {name for name, value in found if value} == TIMES
    assert all(value is None or UTC.fullmatch(value) for _name, value in found)
    csv = live(alice).client.get("/api/v1/quota/entries", {"format": "csv"})
    lines = b"".join(csv.streaming_content).decode().splitlines()
    assert lines[1:] and all(UTC.fullmatch(line.split(",")[1]) for line in lines[1:])


def test_each_answer_is_json_and_says_its_limit_and_its_name(alice: Cast) -> None:
    api, names = live(alice), furnished(alice)
    for path in [*LISTS, *ADDRESSES, "quota", f"generations/{uuid4()}", "nowhere"]:
        answer = api.client.get(f"/api/v1/{path.format(**names)}")
        kind = "application/json" if answer.status_code == 200 else "application/problem+json"
        assert answer["Content-Type"] == kind and answer.json(), path
        assert len(answer["X-Request-Id"]) == 32, path
        if path != "nowhere":
            said = [int(answer[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset")]
            assert said[0] == 600 and 500 < said[1] < 600 and 0 < said[2] <= 60, path


def test_what_is_anothers_looks_like_what_is_not_there(alice: Cast, charlie: Cast) -> None:
    names = furnished(charlie)
    nobodys = {name: str(uuid4()) for name in names}
    for path in [*ADDRESSES, "webhook-endpoints/{endpoint}/deliveries"]:
        foreign, unknown = (live(alice).get(path.format(**each)) for each in (names, nobodys))
        assert foreign == unknown and foreign[0] == 404, path


def test_both_headers_take_the_key(alice: Cast) -> None:
    api = live(alice)
    by_bearer = api.get("quota")
    api.client = type(api.client)(headers={"x-api-key": alice.api_key})
    assert api.get("quota") == by_bearer and by_bearer[0] == 200
    api.client = type(api.client)()
    assert api.get("quota")[0] == 401
