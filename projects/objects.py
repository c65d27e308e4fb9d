"""What `/api/v1/` shows and webhooks carry. Times are UTC; what is not known is null."""

from collections.abc import Sequence
from typing import Any

from integrations.doors.clock import utc
from projects.choices import Status
from projects.links import result_url
from projects.models import Generation, Picture, Project, Upload

JsonObject = dict[str, Any]


def generation_object(row: Generation) -> JsonObject:
    """`status` is one of iacrea's four words; `phase` says where it is with us."""
    pictures = _pictures(row)
    return {
        "id": str(row.pk),
        "mode": row.mode,
        "status": row.public_status,
        "phase": row.status.lower(),
        "room_type": row.room_type,
        "project": str(row.project_id),
        "member": str(row.author.iacrea_user_id) if row.author else None,
        "parent": _id(row.parent_id),
        "recovered_from": _id(row.recovered_from_id),
        "image": _id(row.photo_id),
        "mask": _id(row.mask_id),
        "width": row.width,
        "height": row.height,
        "price": row.price,
        "charged": row.charged,
        "failure_code": row.failure_code or None,
        "failure_detail": row.failure_detail or None,
        "urls": [result_url(picture) for picture in pictures],  # fresh ones each time
        "outside_changed": _outside_changed(pictures),
        "metadata": row.metadata,
        "created_at": utc(row.created_at),
        "ended_at": utc(row.ended_at) if row.ended_at else None,
    }


def upload_object(row: Upload) -> JsonObject:
    """Of the picture as it is kept: upright, without metadata, perhaps reduced."""
    return {
        "id": str(row.pk),
        "mode": row.mode,
        "kind": row.kind,
        "width": row.width,
        "height": row.height,
        "size": row.size,
        "sha256": row.sha256,
        "created_at": utc(row.created_at),
    }


def project_object(row: Project) -> JsonObject:
    return {
        "id": str(row.pk),
        "mode": row.mode,
        "title": row.title,
        "member": str(row.author.iacrea_user_id) if row.author else None,
        "image": _id(row.photo_id),
        "created_at": utc(row.created_at),
        "updated_at": utc(row.updated_at),
    }


def _pictures(row: Generation) -> list[Picture]:
    """None before SUCCEEDED. Asked for once: where nothing was prefetched each time is a query."""
    ready = row.status == Status.SUCCEEDED and not row.erased_at
    return list(row.pictures.all()) if ready else []


def _outside_changed(pictures: Sequence[Picture]) -> float | None:
    """Of the first picture, to a thousandth."""
    share = pictures[0].outside_changed if pictures else None
    return None if share is None else round(share, 3)


def _id(key: Any) -> str | None:
    return str(key) if key else None
