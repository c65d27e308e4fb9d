"""What a transition brings with it, in its transaction: photos, story, news, discrepancies."""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.choices import Mode
from accounts.quota import capture_photos, hold_photos, release_photos
from accounts.selectors import is_held
from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from integrations.webhooks.deliveries import write_delivery
from projects import transitions as t
from projects.choices import TERMINAL, Status
from projects.models import CallbackReceipt, Discrepancy, Generation, GenerationEvent, Project
from projects.representation import job_state


class HoldWithoutEnd(Exception):
    """A generation that ends leaves no photo held: the move is undone, and told as an error."""


def hold(generation: Generation, actor_id: str) -> None:
    """Raises NoPhotosLeft. What is free holds nothing."""
    if generation.price:
        hold_photos(**_job(generation), photos=generation.price, actor_id=actor_id)


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
    GenerationEvent.objects.create(generation_id=generation.pk, kind=kind, detail=detail or {})
    Project.objects.filter(pk=generation.project_id).update(
        version=F("version") + 1, updated_at=database_now()
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
    elif transition.effect is t.Effect.RELEASE:
        release_photos(**_job(generation), reason=transition.failure_code, actor_id=actor_id)


def _list_discrepancy(generation: Generation) -> None:
    """One for each photo that iacrea may have taken: a second generation cost it no other."""
    if generation.failure_code not in t.DISCREPANT or generation.recovered_from_id:
        return
    Discrepancy.objects.create(
        agency_id=generation.agency_id,
        mode=generation.mode,
        generation=generation,
        code=generation.failure_code,
        rung=CallbackReceipt.objects.filter(attempt__generation=generation).exists(),
    )


def _bring_news(generation: Generation) -> None:
    if generation.recovered_from_id and generation.status == Status.SUCCEEDED:
        tell(generation, "generation.recovered", {"of": str(generation.recovered_from_id)})
    if generation.webhook:
        _ring_webhook(generation)


def _ring_webhook(generation: Generation) -> None:
    outcome = "succeeded" if generation.status == Status.SUCCEEDED else "failed"
    write_delivery(
        agency_id=generation.agency_id,
        mode=Mode(generation.mode),
        event_type=f"generation.{outcome}",
        subject_id=generation.pk,
        url=generation.webhook,
        body={"generation_id": str(generation.pk), **job_state(generation)},
    )


def _job(generation: Generation) -> dict[str, Any]:
    return {
        "agency_id": generation.agency_id,
        "mode": Mode(generation.mode),
        "generation_id": generation.pk,
    }
