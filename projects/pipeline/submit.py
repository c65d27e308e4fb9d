"""T3 to T8: send a job to iacrea, at most once unless the first send is proven not to have been."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from integrations.iacrea import breaker, budgets, credits, errors
from integrations.iacrea.accounts import client_for, pause
from integrations.iacrea.breaker import Admission
from integrations.iacrea.budgets import SENDS
from integrations.iacrea.client import Accepted, GenerateRequest, VariationRequest
from projects import lifecycle, links
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt, Generation, Upload

# After a send that is proven not to have happened: 2, 4, 8 … seconds, five minutes at most.
BACKOFF_MAX_S = 300
# Certificates do not mend themselves.
TLS = frozenset({"tls_failed", "tls_timeout"})


def submit(generation: Generation) -> None:
    """Send the job if it is this worker's to send; whatever happens, its row tells what to do."""
    now = database_now()
    if generation.status != Status.QUEUED or not generation.inputs_ready_at:
        return
    if generation.due_at and generation.due_at > now:
        return
    if not budgets.sends_allowed(generation.account, now):
        return
    if admission := breaker.admit(generation.account):
        _open_and_send(generation, admission)


def _open_and_send(generation: Generation, admission: Admission) -> None:
    token = secrets.token_urlsafe(32)
    attempt = lifecycle.open_attempt(generation, hashlib.sha256(token.encode()).hexdigest())
    if attempt is None:
        breaker.told_nothing(generation.account, admission)
        return
    attempt.generation = generation
    _mark_used(generation)
    _conclude(attempt, token, admission)


def _conclude(attempt: Attempt, token: str, admission: Admission) -> None:
    """One send, and the transition that its ending means. What is learned of the account comes
    first, so that the job which goes back is not sent again before."""
    account = attempt.generation.account
    try:
        _check_lease(attempt)
        accepted = _send(attempt.generation, links.callback_url(token))
    except errors.NotSent as error:
        breaker.told_nothing(account, admission)
        _tell_tls(attempt, error)
        wait = timedelta(seconds=min(2**attempt.number, BACKOFF_MAX_S))
        lifecycle.requeue(attempt, AttemptOutcome.NOT_SENT, error.evidence, wait=wait)
    except errors.Unclear as error:
        alert("send_unclear", generation=attempt.generation_id, account=account.pk, seen=error)
        breaker.unclear(account, admission)
        lifecycle.doubt(attempt, error.evidence)
    except errors.IacreaError as error:
        breaker.answered(account, admission)
        _conclude_refusal(attempt, error)
    else:
        breaker.answered(account, admission)
        budgets.grow(account, SENDS)
        lifecycle.bind(attempt, accepted.generation_id, {"accepted": True})
        credits.saw(account, accepted.remaining_photos)


def _check_lease(attempt: Attempt) -> None:
    """A worker that slept since T3 sends nothing: its job may have ended, and its photo be back."""
    if database_now() >= attempt.lease_until:
        raise errors.NotSent("the lease has expired", {"code": "lease_expired"})


def _conclude_refusal(attempt: Attempt, error: errors.IacreaError) -> None:
    """iacrea has said that it did not take the job."""
    account = attempt.generation.account
    if isinstance(error, errors.RateLimited):
        budgets.slow_down(account.pk, SENDS, error.retry_after)
        wait = timedelta(seconds=error.retry_after)
        lifecycle.requeue(attempt, AttemptOutcome.RATE_LIMITED, error.evidence, wait=wait)
    elif isinstance(error, errors.AccountFault):
        pause(account, str(error))
        # Due at once when the account is resumed: until then nothing is sent with it.
        no_wait = timedelta(0)
        lifecycle.requeue(attempt, AttemptOutcome.ACCOUNT_FAULT, error.evidence, wait=no_wait)
    else:
        lifecycle.refuse_upstream(attempt, error.evidence, "refused_upstream")


def _tell_tls(attempt: Attempt, error: errors.NotSent) -> None:
    if error.evidence.get("code") in TLS:
        alert("upstream_tls", account=attempt.generation.account_id, code=error.evidence["code"])


def _send(generation: Generation, webhook: str) -> Accepted:
    client = client_for(generation.account)
    assert generation.photo, "inputs are ready"
    parent = generation.parent
    if parent is None:
        assert generation.mask, "inputs are ready"
        return client.generate(
            GenerateRequest(
                image_url=links.input_url(generation.photo),
                mask_url=links.input_url(generation.mask),
                room_type=generation.room_type,
                width=generation.photo.width,
                height=generation.photo.height,
                webhook=webhook,
                simulate=_simulated(generation),
            )
        )
    return client.generate_variation(
        VariationRequest(
            generation_id=parent.upstream_id,
            original_url=links.input_url(generation.photo),
            mask_url=_new_mask_url(generation, parent),
            room_type=generation.room_type,
            webhook=webhook,
            simulate=_simulated(generation),
        )
    )


def _simulated(generation: Generation) -> str | None:
    """Of a test job: iacrea itself has no such field."""
    return generation.metadata.get("simulate") if generation.account.built_in else None


def _new_mask_url(generation: Generation, parent: Generation) -> str | None:
    """Absent when the zone is the parent's: iacrea then uses the mask it already has."""
    same = generation.mask is None or generation.mask_id == parent.mask_id
    return None if same or generation.mask is None else links.input_url(generation.mask)


def _mark_used(generation: Generation) -> None:
    """The inputs stay fetchable for INPUT_LINK_S from now."""
    inputs = Upload.objects.filter(pk__in=[generation.photo_id, generation.mask_id])
    inputs.update(last_used_at=timezone.now())
