"""What a transition brings with it, in its transaction: photos, story, news, discrepancies."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.choices import Mode
from accounts.quota import capture_photos, hold_photos, release_photos
from accounts.selectors import is_held
from integrations.doors.alerts import alert
from integrations.doors.clock import DatabaseNow
from integrations.doors.inserts import insert
from integrations.doors.request_id import current
from integrations.webhooks.choices import EventType
from integrations.webhooks.events import write_delivery, write_event
from integrations.webhooks.quota_events import write_quota_event
from projects import transitions as t
from projects.choices import TERMINAL, Status
from projects.models import CallbackReceipt, Discrepancy, Generation, GenerationEvent, Project
from projects.objects import generation_object
from projects.representation import job_state

logger = logging.getLogger(__name__)
# In the first line of a story: the X-Request-Id of the call that asked for the job.
ASKED_BY = "request_id"


class HoldWithoutEnd(Exception):
    """A generation that ends leaves no photo held: the move is undone, and told as an error."""


def hold(generation: Generation, actor_id: str) -> None:
    """Raises NoPhotosLeft. What is free holds nothing."""
    if generation.price:
        held = generation.price
        left = hold_photos(**_job(generation), photos=held, actor_id=actor_id)
        write_quota_event(generation.agency_id, Mode(generation.mode), held=held, left=left)


def of_move(transition: t.Transition, generation: Generation, actor_id: str) -> None:
    """All that goes with a generation that was just moved."""
    _move_photos(transition, generation, actor_id)
    if generation.status in TERMINAL and is_held(generation.pk):
        raise HoldWithoutEnd(generation.pk)
    detail = {"transition": transition.name}
    if generation.failure_code:
        detail |= {"code": generation.failure_code, "detail": generation.failure_detail}
    tell(generation, generation.status.lower(), detail)
    _list_discrepancy(generation)
    if generation.status in TERMINAL:
        _bring_news(generation)


def tell(generation: Generation, kind: str, detail: dict[str, Any] | None = None) -> None:
    """One line of the generation's story; open pages of its project see that something changed."""
    write_line(generation, kind, detail)
    mark_changed(generation)


def asked_by() -> dict[str, str]:
    return {ASKED_BY: current.get()} if current.get() else {}


def write_line(generation: Generation, kind: str, detail: dict[str, Any] | None = None) -> None:
    """Logged once it is true."""
    insert(GenerationEvent(generation_id=generation.pk, kind=kind, detail=detail or {}))
    transaction.on_commit(partial(logger.info, "generation %s: %s", generation.pk, kind))


def mark_changed(generation: Generation, **fields: Any) -> None:
    Project.objects.filter(pk=generation.project_id).update(
        version=F("version") + 1, updated_at=DatabaseNow(), **fields
    )


@transaction.atomic
def tell_anomaly(generation: Generation, transition: t.Transition, detail: dict[str, Any]) -> bool:
    """What should not have been heard: told loudly, once, and no more is done about it."""
    detail = {"transition": transition.name, **detail}
    told = GenerationEvent.objects.filter(generation_id=generation.pk, kind="anomaly")
    if told.filter(detail=detail).exists():
        return False
    alert("anomaly", generation=generation.pk, **detail)
    tell(generation, "anomaly", detail)
    return True


@transaction.atomic
def alert_once(generation: Generation, event: str, **facts: Any) -> bool:
    """However long it lasts: the job's story keeps that it was told."""
    Generation.objects.select_for_update().get(pk=generation.pk)  # the second sees the first
    if GenerationEvent.objects.filter(generation_id=generation.pk, kind=event).exists():
        return False
    alert(event, generation=generation.pk, account=generation.account_id, **facts)
    tell(generation, event, facts)
    return True


def _move_photos(transition: t.Transition, generation: Generation, actor_id: str) -> None:
    if transition.effect is t.Effect.CAPTURE:
        charged = capture_photos(**_job(generation), reason="succeeded")
        Generation.objects.filter(pk=generation.pk).update(charged=charged)
        generation.charged = charged
    elif transition.effect is t.Effect.RELEASE:
        release_photos(**_job(generation), reason=transition.failure_code, actor_id=actor_id)


def _list_discrepancy(generation: Generation) -> None:
    """One for each photo that iacrea may have taken: what is free cost it no other."""
    if generation.failure_code not in t.DISCREPANT or not generation.price:
        return
    Discrepancy.objects.create(
        agency_id=generation.agency_id,
        mode=generation.mode,
        generation=generation,
        code=generation.failure_code,
        rung=CallbackReceipt.objects.filter(attempt__generation=generation).exists(),
    )


def _bring_news(generation: Generation) -> None:
    """To whoever listens; the job's own webhook is told in iacrea's words."""
    event_type = _event_type(generation)
    if event_type == EventType.GENERATION_RECOVERED:
        tell(generation, event_type, {"of": str(generation.recovered_from_id)})
    event = write_event(
        agency_id=generation.agency_id,
        mode=Mode(generation.mode),
        event_type=event_type,
        subject_id=generation.pk,
        data=generation_object(generation),
        happened_at=generation.ended_at,
    )
    if generation.webhook:
        body = {"generation_id": str(generation.pk), **job_state(generation)}
        write_delivery(event, url=generation.webhook, body=body)


def _event_type(generation: Generation) -> EventType:
    """Canceled is failed, as in iacrea's words."""
    if generation.status != Status.SUCCEEDED:
        return EventType.GENERATION_FAILED
    second = generation.recovered_from_id is not None
    return EventType.GENERATION_RECOVERED if second else EventType.GENERATION_SUCCEEDED


def _job(generation: Generation) -> dict[str, Any]:
    return {
        "agency_id": generation.agency_id,
        "mode": Mode(generation.mode),
        "generation_id": generation.pk,
    }
