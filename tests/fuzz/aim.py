"""Objects that are there: a random id would only ever be answered with 404."""

from typing import Any
from uuid import UUID

from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation
from tests.v1.api import live

Known = dict[str, list[str]]
RECEIVER = {"url": "https://hooks.example.org/"}


def known(alice: Cast) -> Known:
    """By the name of the field or parameter."""
    api, done, waiting = live(alice), succeeded_generation(alice), queued_generation(alice)
    photo, mask = api.photo(), api.mask()
    _status, empty = api.post("projects")
    jobs = [str(done.pk), str(waiting.pk)]
    projects = [str(done.project_id), empty["id"]]
    people = {name: [alice.user_id] for name in ("member", "user_id", "iacrea_user_id")}
    uploads = {"upload_id": [photo, mask], "image": [photo], "mask": [mask]}
    gardens = {"generation_id": jobs, "project": projects, "project_id": projects}
    return {**people, **uploads, **gardens, **_webhooks(alice), "subject_id": jobs}


def _webhooks(alice: Cast) -> Known:
    api = live(alice)
    _status, endpoint = api.post("webhook-endpoints", RECEIVER)
    _status, ping = api.post(f"webhook-endpoints/{endpoint['id']}/test")
    _status, page = api.get("events")
    ids = {"endpoint_id": endpoint, "delivery_id": ping, "event_id": page["data"][0]}
    return {name: [it["id"]] for name, it in ids.items()}


def aimed(value: Any, there: Known) -> Any:
    """With most of the ids in `value` replaced by those of objects that are there."""
    if isinstance(value, list):
        return [aimed(it, there) for it in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _hit(it, there[name]) if name in there else aimed(it, there)
        for name, it in value.items()
    }


def _hit(value: Any, ids: list[str]) -> Any:
    """What is no id stays as it is: it is wrong on purpose."""
    try:
        number = UUID(value).int
    except (ValueError, TypeError, AttributeError):
        return value
    return ids[number // 4 % len(ids)] if number % 4 else value
