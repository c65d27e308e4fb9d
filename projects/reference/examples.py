"""The values of the examples: one garden, told from call to call."""

from typing import Any

MEMBER = "2b7e1516-28ae-4d2a-a6ab-f7158809cf4f"
PHOTO = "b7e15162-8aed-4a6a-bf71-58809cf4f3c7"
MASK = "62e2c7f4-0d5b-4a39-8c3e-1f6a5d4b3c2d"
PROJECT = "9d0a6c1c-0d0c-4d7e-9f1b-5b0f3c2a1e4d"
GENERATION = "5f0c2f6e-93a4-4b0c-8a43-0a4b1c1e2d3f"
VARIATION = "c1d0b6a8-3a0b-4f7e-8c9d-1e2f3a4b5c6d"
LOT = "1c9e4f2a-6b3d-4e8f-9a7c-5d2b1e0f3a4c"
ENTRY = "e4a1d7c3-2f5b-4c6d-8e9f-0a1b2c3d4e5f"
ENDPOINT = "8e1d7c2b-5a4f-4b3c-9d2e-1f0a9b8c7d6e"
DELIVERY = "d7c6b5a4-9f8e-4d3c-8b2a-1f0e9d8c7b6a"
EVENT = "0b0f8e52-5ad3-4e40-9a4e-6dd1c0d0c7a1"
PICTURE_URL = "https://parterre.example/r/…/picture.png"
STARTED, ENDED = "2026-11-26T09:28:41.004000Z", "2026-11-26T09:30:00.120000Z"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # the specification's own
POLYGON = [[380, 900], [520, 610], [1010, 610], [1160, 900]]
PATH = {
    "upload_id": PHOTO,
    "generation_id": GENERATION,
    "project_id": PROJECT,
    "iacrea_user_id": MEMBER,
    "endpoint_id": ENDPOINT,
    "delivery_id": DELIVERY,
    "event_id": EVENT,
}


def generation(**changes: Any) -> dict[str, Any]:
    return {
        "id": GENERATION, "mode": "live", "status": "STARTING", "phase": "queued",
        "room_type": "POOL", "project": PROJECT, "member": MEMBER, "parent": None,
        "recovered_from": None, "image": PHOTO, "mask": MASK, "width": 1536, "height": 1024,
        "price": 1, "charged": 0, "failure_code": None, "failure_detail": None, "urls": [],
        "outside_changed": None, "metadata": {"order": "4711"},
        "created_at": STARTED, "ended_at": None,
        **changes,
    }  # fmt: skip


READY = generation(
    status="SUCCEEDED", phase="succeeded", charged=1, urls=[PICTURE_URL], outside_changed=0.0,
    ended_at=ENDED,
)  # fmt: skip
FAILED = generation(status="FAILED", phase="failed", failure_code="timed_out", ended_at=ENDED)
VARIED = generation(id=VARIATION, room_type="TERRACE", parent=GENERATION, price=0)
RECOVERED = generation(
    id=VARIATION, status="SUCCEEDED", phase="succeeded", recovered_from=GENERATION, price=0,
    urls=[PICTURE_URL], outside_changed=0.0, ended_at=ENDED,
)  # fmt: skip
UPLOAD = {
    "id": PHOTO, "mode": "live", "kind": "photo", "width": 1536, "height": 1024, "size": 412310,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "created_at": STARTED,
}  # fmt: skip
GARDEN = {
    "id": PROJECT, "mode": "live", "title": "Famille Martin, côté sud", "member": MEMBER,
    "image": PHOTO, "created_at": STARTED, "updated_at": STARTED,
}  # fmt: skip
QUOTA = {
    "available": 41, "held": 1, "consumed": 8,
    "lots": [
        {"id": LOT, "source": "pack", "available": 41, "held": 1, "consumed": 8,
         "usable_until": None, "created_at": "2026-11-01T08:00:00Z"},
    ],
}  # fmt: skip
ENTRY_ROW = {
    "id": ENTRY, "created_at": STARTED, "kind": "hold", "photos": 1, "generation": GENERATION,
    "lot": LOT, "source": "pack", "reason": "",
}  # fmt: skip
PERSON = {
    "iacrea_user_id": MEMBER, "email": "lea@jardins.example", "role": "member",
    "created_at": "2026-11-01T08:00:00+00:00",
}  # fmt: skip
RECEIVER = {
    "id": ENDPOINT, "mode": "live", "url": "https://example.org/parterre", "description": "",
    "event_types": ["generation.succeeded", "generation.failed"], "disabled": False,
    "disabled_at": None, "disabled_reason": "", "failing_since": None, "created_at": STARTED,
}  # fmt: skip
SENT = {
    "id": DELIVERY, "webhook_id": f"msg_{DELIVERY.replace('-', '')}", "event": EVENT,
    "event_type": "generation.succeeded", "subject_id": GENERATION, "state": "delivered",
    "attempts": 1, "status_code": 204, "error": "", "next_attempt_at": None,
    "created_at": ENDED, "ended_at": "2026-11-26T09:30:00.480000Z",
}  # fmt: skip
WAITING = {**SENT, "state": "pending", "attempts": 0, "status_code": None, "ended_at": None,
           "next_attempt_at": ENDED}  # fmt: skip


def event(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"id": EVENT, "type": type_, "timestamp": ENDED, "data": data}


EVENTS = {
    "generation.succeeded": event("generation.succeeded", READY),
    "generation.failed": event("generation.failed", FAILED),
    "generation.recovered": event("generation.recovered", RECOVERED),
    "quota.low": event("quota.low", {"available": 12, "threshold": 12}),
    "quota.exhausted": event("quota.exhausted", {"available": 0}),
    "test.ping": event("test.ping", {"endpoint_id": ENDPOINT}),
}


def page(*rows: Any) -> dict[str, Any]:
    return {"data": list(rows), "next": None, "previous": None}
