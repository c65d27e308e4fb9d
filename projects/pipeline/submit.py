"""T3 to T8: send a job to iacrea, at most once unless the first send is proven not to have been."""

import hashlib
import logging
import secrets
from datetime import timedelta

from django.utils import timezone

from integrations.doors.clock import database_now
from integrations.iacrea import errors
from integrations.iacrea.accounts import client_for, pause
from integrations.iacrea.client import Accepted, GenerateRequest, VariationRequest
from projects import lifecycle, links
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt, Generation, Upload

logger = logging.getLogger(__name__)
# After a send that is proven not to have happened: 2, 4, 8 … seconds, five minutes at most.
BACKOFF_MAX_S = 300
PAUSED_RETRY = timedelta(minutes=1)


def submit(generation: Generation) -> None:
    """Send the job if it is this worker's to send; whatever happens, its row tells what to do."""
    if generation.status != Status.QUEUED or not generation.inputs_ready_at:
        return
    if generation.account.paused_at or (generation.due_at and generation.due_at > database_now()):
        return
    token = secrets.token_urlsafe(32)
    attempt = lifecycle.open_attempt(generation, hashlib.sha256(token.encode()).hexdigest())
    if attempt is None:
        return
    attempt.generation = generation
    _mark_used(generation)
    _conclude(attempt, token)


def _conclude(attempt: Attempt, token: str) -> None:
    """One send, and the transition that its ending means."""
    try:
        accepted = _send(attempt.generation, links.callback_url(token))
    except errors.NotSent as error:
        wait = timedelta(seconds=min(2**attempt.number, BACKOFF_MAX_S))
        lifecycle.requeue(attempt, AttemptOutcome.NOT_SENT, error.evidence, wait=wait)
    except errors.RateLimited as error:
        wait = timedelta(seconds=error.retry_after)
        lifecycle.requeue(attempt, AttemptOutcome.RATE_LIMITED, error.evidence, wait=wait)
    except errors.AccountFault as error:
        logger.error("iacrea account %s is paused: %s", attempt.generation.account_id, error)
        pause(attempt.generation.account, str(error))
        lifecycle.requeue(attempt, AttemptOutcome.ACCOUNT_FAULT, error.evidence, wait=PAUSED_RETRY)
    except errors.Refused as error:
        lifecycle.refuse_upstream(attempt, error.evidence, "refused_upstream")
    except errors.Unclear as error:
        logger.error("generation %s is unconfirmed: %s", attempt.generation_id, error)
        lifecycle.doubt(attempt, error.evidence)
    else:
        lifecycle.bind(attempt, accepted.generation_id, {"accepted": True})


def _send(generation: Generation, webhook: str) -> Accepted:
    client = client_for(generation.account)
    assert generation.photo and generation.mask, "inputs are ready"
    parent = generation.parent
    if parent is None:
        return client.generate(
            GenerateRequest(
                image_url=links.input_url(generation.photo),
                mask_url=links.input_url(generation.mask),
                room_type=generation.room_type,
                width=generation.photo.width,
                height=generation.photo.height,
                webhook=webhook,
            )
        )
    return client.generate_variation(
        VariationRequest(
            generation_id=parent.upstream_id,
            original_url=links.input_url(generation.photo),
            mask_url=_new_mask_url(generation, parent),
            room_type=generation.room_type,
            webhook=webhook,
        )
    )


def _new_mask_url(generation: Generation, parent: Generation) -> str | None:
    """Absent when the zone is the parent's: iacrea then uses the mask it already has."""
    assert generation.mask is not None
    return None if generation.mask_id == parent.mask_id else links.input_url(generation.mask)


def _mark_used(generation: Generation) -> None:
    """The inputs stay fetchable for INPUT_LINK_S from now."""
    inputs = Upload.objects.filter(pk__in=[generation.photo_id, generation.mask_id])
    inputs.update(last_used_at=timezone.now())
