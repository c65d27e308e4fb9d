"""At rest: our ledger, rows and files against the emulator's own book. Each line that comes out of
here is a broken promise."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.files.storage import default_storage

from accounts.choices import EntryKind
from accounts.ledger_audit import audit
from accounts.models import IdempotentAnswer, LedgerEntry
from integrations.emulator import book, journal
from integrations.webhooks.models import Delivery, DeliveryState
from projects import orphans, transitions
from projects.choices import TERMINAL, AttemptOutcome, FailureCode, Status
from projects.models import Attempt, Discrepancy, Generation, GenerationEvent, Upload
from projects.pipeline.rings import NOT_TAKEN


@dataclass
class Books:
    """Both sides, read once."""

    state: Path
    ends: dict[str, list[str]]  # webhook-ids that the agencies' software got, by job
    answers: Mapping[str, set[str]]  # the jobs that it was told of, by Idempotency-Key
    jobs: dict[str, Generation] = field(init=False)
    attempts: dict[str, Attempt] = field(init=False)  # by the hash of their token
    entries: dict[str, list[LedgerEntry]] = field(init=False)
    theirs: list[Any] = field(init=False)
    sent: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        rows = Generation.objects.select_related("recovered_from").prefetch_related("pictures")
        self.jobs = {str(job.pk): job for job in rows}
        self.attempts = {row.token_sha256: row for row in Attempt.objects.all()}
        self.entries = defaultdict(list)
        for entry in LedgerEntry.objects.exclude(generation_id=None):
            self.entries[str(entry.generation_id)].append(entry)
        self.theirs = book.read(self.state)
        submits = journal.read(self.state)
        self.sent = [entry for entry in submits if entry.call in ("generate", "variation")]

    def attempt_of(self, webhook: str | None) -> Attempt | None:
        token = str(webhook).rstrip("/").rsplit("/", 1)[-1]
        return self.attempts.get(hashlib.sha256(token.encode()).hexdigest())


def sweep_strays() -> int:
    """What killed workers left behind goes, as it would a day later; returns how many files."""
    with patch.object(orphans, "AGE", timedelta(0)):
        return orphans.sweep_files(most=1_000_000)


def broken(books: Books) -> Iterator[str]:
    yield from (f"audit: {line}" for line in audit())
    yield from _unended(books)
    yield from _moved_wrongly(books)
    yield from _made_twice(books)
    yield from _sent_twice(books)
    yield from _charged_wrongly(books)
    yield from _not_in_their_hands(books)
    yield from _taken_for_nothing(books)
    yield from _not_told(books)
    yield from _lost_files()


def _unended(books: Books) -> Iterator[str]:
    for pk, job in books.jobs.items():
        if job.status not in TERMINAL:
            yield f"unresolved: job {pk} is {job.status} at rest"


def _moved_wrongly(books: Books) -> Iterator[str]:
    """Each story is a way through the table: a move began where its transition starts."""
    moves = {move.name: move for move in transitions.ALL if move.target and move.sources}
    at = {
        job.pk: Status.ARCHIVING if job.recovered_from_id else Status.QUEUED
        for job in books.jobs.values()
    }
    told = GenerationEvent.objects.order_by("pk").values_list("generation_id", "kind", "detail")
    for pk, kind, detail in told:
        move = moves.get(detail.get("transition", ""))
        if move and move.target and kind == move.target.lower():
            if at[pk] not in move.sources:
                yield f"job {pk} was moved by {move.name} when it was {at[pk]}"
            at[pk] = move.target


def _made_twice(books: Books) -> Iterator[str]:
    """A key has one job, however often it was sent, and a job has a key; of a key that nobody
    answered before the end, its row tells."""
    rows = IdempotentAnswer.objects.exclude(answer="").values_list("key", "answer")
    made = {key: json.loads(answer)["generation_id"] for key, answer in rows}
    for key, told in books.answers.items():
        if told != {made.get(key)}:
            yield f"second job: key {key} was answered with {told}, and has {made.get(key)}"
    keyless = {pk for pk, job in books.jobs.items() if not job.recovered_from_id}
    for pk in keyless - set(made.values()):
        yield f"second job: {pk} is of no key"


def _sent_twice(books: Books) -> Iterator[str]:
    """Each attempt is one request at most, and of a job's attempts one was taken at most."""
    requests = Counter(_token(entry) for entry in books.sent)
    for token, count in requests.items():
        if count > 1:
            yield f"second submit: {count} requests of attempt {books.attempt_of(token)}"
    taken = defaultdict(set)
    for row in books.theirs:
        if attempt := books.attempt_of(row.webhook):
            taken[str(attempt.generation_id)].add(attempt.number)
            if attempt.outcome in NOT_TAKEN:
                yield f"second submit: {attempt.generation_id} was taken, though {attempt.outcome}"
        else:
            yield f"their job {row.generation_id} is of no attempt of ours"
    for pk, numbers in taken.items():
        if len(numbers) > 1:
            yield f"second submit: job {pk} was taken by attempts {sorted(numbers)}"


def _token(entry: Any) -> str:
    return str(entry.body["webhook"]) if isinstance(entry.body, dict) else f"unread {entry.id}"


def _charged_wrongly(books: Books) -> Iterator[str]:
    """One CAPTURE for a job that succeeded, one RELEASE for any other; nothing for a free one."""
    for pk, job in books.jobs.items():
        kinds = Counter(entry.kind for entry in books.entries[pk])
        end = EntryKind.CAPTURE if job.status == Status.SUCCEEDED else EntryKind.RELEASE
        expected = Counter([EntryKind.HOLD, end]) if job.price else Counter()
        if kinds != expected:
            word = "lost refund" if end == EntryKind.RELEASE else "double charge"
            yield f"{word}: job {pk} ({job.status}, {job.price}) has {dict(kinds)}"
        first = job.recovered_from
        if first and job.status == Status.SUCCEEDED and (job.charged or first.charged):
            yield f"double charge: recovered job {pk} was paid for"


def _not_in_their_hands(books: Books) -> Iterator[str]:
    """What succeeded has iacrea's pictures of this very job, byte for byte."""
    theirs = {row.generation_id: row for row in books.theirs}
    for pk, job in books.jobs.items():
        if job.status != Status.SUCCEEDED:
            continue
        row = theirs.get(job.upstream_id)
        owner = books.attempt_of(row.webhook) if row else None
        if owner is None or owner.generation_id != (job.recovered_from_id or job.pk):
            yield f"job {pk} has the pictures of another: {job.upstream_id}"
            continue
        yield from _wrong_files(books, job)


def _wrong_files(books: Books, job: Generation) -> Iterator[str]:
    original = (books.state / "results" / f"{job.upstream_id}.png").read_bytes()
    pictures = list(job.pictures.all())
    if not pictures:
        yield f"job {job.pk} was charged without a picture"
    for picture in pictures:
        with default_storage.open(str(picture.file.name)) as stored:
            if stored.read() != original:
                yield f"job {job.pk} has a picture that is not iacrea's"


def _taken_for_nothing(books: Books) -> Iterator[str]:
    """A photo that iacrea kept, and for which nobody has a picture, is on support's list."""
    listed = set(Discrepancy.objects.values_list("generation_id", flat=True))
    second = {job.recovered_from_id for job in books.jobs.values() if job.status == "SUCCEEDED"}
    twins = {entry.generation_id for entry in books.sent if entry.fault == "duplicate"}
    told = {_token(entry) for entry in books.sent if entry.fault == "duplicate"}
    for row in books.theirs:
        attempt = books.attempt_of(row.webhook)
        if attempt is None or row.charged <= row.refunded:
            continue
        job = books.jobs[str(attempt.generation_id)]
        if row.webhook in told and row.generation_id not in twins:
            continue  # iacrea's own mistake: it made two jobs of one request and told of one
        served = job.status == Status.SUCCEEDED or job.pk in second
        if not served and job.pk not in listed:
            yield f"iacrea kept a photo for job {job.pk} ({job.failure_code}), and no list says so"


def _not_told(books: Books) -> Iterator[str]:
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING)
    for row in waiting:
        yield f"delivery {row.pk} is not sent at rest"
    for pk, job in books.jobs.items():
        if job.webhook and not books.ends.get(pk):
            tries = Delivery.objects.filter(subject_id=job.pk)
            seen = list(tries.values_list("state", "attempts", "status_code", "error"))
            yield f"nobody was told of the end of job {pk}: {seen}"
        if len(set(books.ends.get(pk, []))) > 1:
            yield f"job {pk} was told of under several webhook-ids"


def _lost_files() -> Iterator[str]:
    for upload in Upload.objects.all():
        if not default_storage.exists(str(upload.file.name)):
            yield f"upload {upload.pk} has lost its file"


def story(job: Generation) -> list[str]:
    """What happened to a job, for whoever looks into a broken promise."""
    rows = [str({name: str(value) for name, value in vars(job).items() if value})]
    rows += [f"attempt {vars(row)}" for row in job.attempts.all()]
    return rows + [f"{row.created_at} {row.kind} {row.detail}" for row in job.events.all()]


def figures(books: Books) -> dict[str, int]:
    """What a reader of the report wants to know."""
    jobs = list(books.jobs.values())
    codes = Counter(job.failure_code or job.status for job in jobs)
    outcomes = Counter(row.outcome for row in books.attempts.values())
    return {
        "jobs": len(jobs),
        **{str(code).lower(): count for code, count in sorted(codes.items())},
        "recovered": sum(job.recovered_from_id is not None for job in jobs),
        "attempts": len(books.attempts),
        "unclear": outcomes[AttemptOutcome.UNCLEAR],
        "never answered": outcomes[AttemptOutcome.OPEN],
        "sent again": outcomes[AttemptOutcome.RATE_LIMITED] + outcomes[AttemptOutcome.NOT_SENT],
        "captured": sum(job.charged for job in jobs),
        "charged by iacrea": sum(row.charged - row.refunded for row in books.theirs),
        "discrepancies": Discrepancy.objects.count(),
        "unknown outcomes": codes[FailureCode.OUTCOME_UNKNOWN],
    }
