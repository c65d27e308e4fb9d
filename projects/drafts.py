"""The zone that somebody is drawing, kept with its project so that another device goes on with it.

It costs nothing and asks for nothing. It stands on no page that waits for changes: the project's
version stays what it is.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from projects.models import Project
from projects.zones import Operations, checked

# Of a zone that a hand drew; the longest that projects/zones.py takes would be three times as much.
MAX_BYTES = 2**20


class DraftProblem(Exception):
    """A draft that is not kept; its code is stable."""

    code = "draft_unreadable"
    status = 422


class DraftTooLarge(DraftProblem):
    code = "draft_too_large"
    status = 413


@dataclass(frozen=True)
class Draft:
    """`form_id` is the id that a picture of this zone will have once it is asked for."""

    form_id: UUID
    operations: Operations


def read_draft(body: bytes) -> Draft:
    """What static/js/zone_sync.js sends. Raises DraftProblem."""
    if len(body) > MAX_BYTES:
        raise DraftTooLarge
    try:
        sent = json.loads(body)
        return Draft(UUID(sent["form_id"]), checked(sent["operations"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DraftProblem from None


def keep(project: Project, draft: Draft) -> datetime | None:
    """When it was kept; None when there is nothing to keep. A draft that arrives after the form was
    sent is of a zone that is no draft any more."""
    now = timezone.now() if draft.operations else None
    rows = Project.objects.filter(pk=project.pk).exclude(generations__pk=draft.form_id)
    kept = rows.update(draft=draft.operations, draft_saved_at=now)
    return now if kept else None


def forget(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(draft=[], draft_saved_at=None)


def stamp(saved_at: datetime | None) -> int:
    """In milliseconds, as pages count; 0 without a draft."""
    return int(saved_at.timestamp() * 1000) if saved_at else 0
