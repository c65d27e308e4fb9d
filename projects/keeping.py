"""What people say of a picture, and the bin. None of it moves a photo: deleting refunds nothing,
and support answers a complaint."""

from typing import Any

from django.db import transaction

from accounts.models import Membership
from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from projects import effects
from projects.choices import LIVE, WrongReason
from projects.models import Complaint, Generation, Project
from projects.services import change_project


def favour(generation: Generation, favourite: bool) -> None:
    _change(generation, favourite=favourite)


def write_note(generation: Generation, note: str) -> None:
    _change(generation, note=note)


@transaction.atomic
def complain(generation: Generation, *, author: Membership, reason: WrongReason, text: str) -> bool:
    """False: it is reported already, and support has not closed that yet."""
    said = {
        "agency_id": generation.agency_id, "mode": generation.mode, "author": author,
        "reason": reason, "text": text,
    }  # fmt: skip
    # Of two at once the second finds the first: complaint_one_open.
    _complaint, new = Complaint.objects.get_or_create(
        generation=generation, closed_at=None, defaults=said
    )
    if new:
        effects.tell(generation, "complaint", {"reason": reason})
        alert("picture_reported", generation=generation.pk, reason=reason)
    return new


@transaction.atomic
def remove_generation(generation: Generation, *, actor_id: str) -> bool:
    """Into the bin. False: it is still being made."""
    if not generation.is_terminal:
        return False
    rows = Generation.objects.filter(pk=generation.pk, removed_at=None)
    if rows.update(removed_at=database_now()):
        effects.tell(generation, "removed", {"by": actor_id})
    return True


@transaction.atomic
def bring_back_generation(generation: Generation, *, actor_id: str) -> bool:
    """False: it is not in the bin, or was erased in this moment."""
    rows = Generation.objects.filter(pk=generation.pk, removed_at__isnull=False, erased_at=None)
    if not rows.update(removed_at=None):
        return False
    effects.tell(generation, "brought_back", {"by": actor_id})
    return True


@transaction.atomic
def remove_project(project: Project) -> bool:
    """Into the bin, with all that was made of it. False: a picture of it is still being made."""
    row = Project.objects.select_for_update().get(pk=project.pk)
    if Generation.objects.filter(project=project, status__in=LIVE).exists():
        return False
    if not row.removed_at:
        change_project(row, removed_at=database_now())
    return True


@transaction.atomic
def bring_back_project(project: Project) -> bool:
    """False: it is not in the bin, or was erased in this moment."""
    row = Project.objects.select_for_update().get(pk=project.pk)
    if row.erased_at or not row.removed_at:
        return False
    change_project(row, removed_at=None)
    return True


@transaction.atomic
def _change(generation: Generation, **words: Any) -> None:
    """What was erased in this moment gets no words again."""
    Generation.objects.filter(pk=generation.pk, erased_at=None).update(**words)
    change_project(generation.project)
