"""What iacrea tells late: an id in a callback (T10), a success after the end (T17), or a word that
contradicts the end (T19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from integrations.iacrea.client import JobState
from integrations.iacrea.models import IacreaAccount
from projects import effects, lifecycle
from projects import transitions as t
from projects.choices import FailureCode, Status
from projects.models import CallbackReceipt, Generation
from projects.pipeline.dispatch import hint_now
from projects.pipeline.poll import RUNNING, next_poll

KNOWN = RUNNING | {"failed"}
# The last word of iacrea's on which a job ended, where that was its evidence.
LAST_WORD = {
    "": "succeeded",
    FailureCode.RESULT_LOST: "succeeded",
    FailureCode.GENERATION_FAILED: "failed",
}
FINAL = frozenset(LAST_WORD.values())


@dataclass(frozen=True)
class LateId:
    """An id to ask for, and since when it is known."""

    upstream_id: str
    since: datetime
    receipt: CallbackReceipt | None = None

    def mark_asked(self, now: datetime) -> None:
        """The other candidates come first, next time."""
        if self.receipt:
            CallbackReceipt.objects.filter(pk=self.receipt.pk).update(asked_at=now)


def candidate(row: Generation) -> LateId | None:
    """Of the ids that came with this attempt's callbacks, the one that has waited longest."""
    for receipt in _receipts(row):
        if not _is_waiting(receipt) and is_free(row, receipt.candidate_id):
            return LateId(receipt.candidate_id, receipt.received_at, receipt)
    return None


def is_free(row: Generation, upstream_id: str) -> bool:
    """Not bound, and not claimed by a callback of another job: one of the two would get the other's
    pictures."""
    origin = row.upstream_origin or row.account.origin
    bound = Generation.objects.filter(upstream_origin=origin, upstream_id=upstream_id)
    claimed = CallbackReceipt.objects.filter(candidate_id=upstream_id)
    if not bound.exists() and not claimed.exclude(attempt__generation=row).exists():
        return True
    effects.tell_anomaly(row, t.ADOPT, {"of_another_job": upstream_id})
    return False


def is_waiting(row: Generation) -> bool:
    """There is an id, and a submit under way that may yet turn out to be its owner."""
    return any(_is_waiting(receipt) for receipt in _receipts(row))


def is_sending(account: IacreaAccount) -> bool:
    """With it a job is sent whose answer may yet name any id that is free now."""
    return Generation.objects.filter(account=account, status=Status.SUBMITTING).exists()


def known_id(row: Generation) -> LateId | None:
    """Of a job that has ended: its own id, the one that came after its deadline, or a candidate."""
    if row.upstream_id and row.ended_at:
        return LateId(row.upstream_id, row.ended_at)
    answered = row.attempts.filter(number=row.attempt).exclude(upstream_id="").first()
    if answered and answered.ended_at:
        return LateId(answered.upstream_id, answered.ended_at)
    return candidate(row)


def next_look(row: Generation, since: datetime, now: datetime) -> datetime | None:
    """For an id that came late as often as in PROCESSING, for a day; then daily, for a week."""
    if row.failure_code not in t.LATE or row.ended_at is None:
        return None
    day = timedelta(seconds=settings.LATE_POLL_S)
    quick = row.failure_code == FailureCode.OUTCOME_UNKNOWN and now - since < day
    look = next_poll(since, now) if quick else now + day
    end = row.ended_at + timedelta(seconds=settings.LATE_WATCH_S)
    return min(look, end) if now < end else None


def learn_of_candidate(row: Generation, upstream_id: str, state: JobState) -> None:
    """T10. What it says of the job is learned by the next `get`, like any other."""
    if state.status in KNOWN:
        lifecycle.adopt(row, upstream_id)


def learn_of_ended(row: Generation, upstream_id: str, state: JobState) -> None:
    """T17 or T19."""
    if row.failure_code in t.LATE:
        if state.status == "succeeded" and state.urls:
            recovered = lifecycle.recover(row, upstream_id, list(state.urls))
            if recovered:
                hint_now(recovered)
    elif state.status in FINAL and state.status != LAST_WORD.get(row.failure_code):
        lifecycle.contradict(row, state.status)


def _receipts(row: Generation) -> QuerySet[CallbackReceipt]:
    mine = CallbackReceipt.objects.filter(attempt__generation=row, attempt__number=row.attempt)
    return mine.exclude(candidate_id="").order_by(F("asked_at").asc(nulls_first=True), "pk")


def _is_waiting(receipt: CallbackReceipt) -> bool:
    """Somebody was sending when it rang, and has no answer yet: the id may be theirs. A lease ends
    this after SUBMIT_LEASE_S."""
    sending = Generation.objects.filter(
        status=Status.SUBMITTING,
        attempts__number=F("attempt"),
        attempts__opened_at__lte=receipt.received_at,
    )
    return sending.exists()
