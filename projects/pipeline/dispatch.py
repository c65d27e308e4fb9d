"""Which jobs the workers are told of. Losing a hint costs a moment: the sweep gives it again.

No more is handed out than workers are free, and always by the rule of fair.py: a burst waits in its
rows and not in the queue, where everybody else would stand behind it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Max, Q, UUIDField, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from accounts.querysets import TenantQuerySet
from integrations.doors import queue
from integrations.doors.clock import database_now
from integrations.iacrea import budgets, strikes
from projects.choices import Source, Status
from projects.models import Generation
from projects.pipeline.due import live_rows
from projects.pipeline.fair import Line, Load, Waiting, share

# Far beyond what is handed out: a queue in which so many wait has no worker.
FULL = 100
# A hint is repeated after this, if its row is still due.
REPEAT_HINT = timedelta(seconds=10)
# No send, fetch or archiving lasts longer: a worker that seems to be at it is dead.
AT_WORK = timedelta(seconds=150)
# A job that iacrea does not finish holds its slot for so long, not for the day until T18.
IN_FLIGHT = timedelta(minutes=10)

INPUTS, SUBMIT, ARCHIVE = "prepare_inputs", "submit_generation", "archive_generation"
KINDS = {
    INPUTS: Q(status=Status.QUEUED, inputs_ready_at=None),
    SUBMIT: Q(status=Status.QUEUED, inputs_ready_at__isnull=False),
    ARCHIVE: Q(status=Status.ARCHIVING, links_dead=False),
}
SINGLES_FIRST = Case(
    When(source=Source.DASHBOARD, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def hand_out() -> int:
    """Tell the free workers of the jobs whose turn it is; returns how many."""
    now = database_now()
    if not _somebody_waits(now):
        return 0  # as after most tasks: one cheap question instead of seven
    return sum(_hint(job.generation_id, kind, now) for kind, job in _turns(now))


def hint_now(generation: Generation) -> None:
    """For a job that has just become due: the workers are told of it at once if it is its turn.
    Of no other, whose row another transaction may hold."""
    Generation.objects.filter(pk=generation.pk).update(hinted_at=None)
    now = database_now()
    for kind, job in _turns(now):
        if job.generation_id == generation.pk:
            _hint(generation.pk, kind, now)


def _turns(now: datetime) -> Iterator[tuple[str, Waiting]]:
    """The kind of work that has the fewest workers comes first: none keeps out another."""
    desk = _Desk(now)
    while desk.free > 0:
        for kind in sorted(KINDS, key=lambda kind: desk.busy[kind]):
            if job := desk.next(kind):
                yield kind, job
                break
        else:
            return


@transaction.atomic
def _hint(generation_id: UUID, kind: str, now: datetime) -> int:
    """Once, however many hand out at the same time."""
    silent = Generation.objects.filter(_silent(now), KINDS[kind], pk=generation_id)
    if not silent.update(hinted_at=now):
        return 0
    queue.enqueue(f"projects.tasks.{kind}", str(generation_id))
    return 1


class _Desk:
    """What the workers have in hand, by the rows, and who waits for them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.busy = Counter(dict.fromkeys(KINDS, 0))
        self.sends: Counter[UUID] = Counter()  # by account
        self.loads = {kind: defaultdict[UUID, Load](Load) for kind in KINDS}
        for row in _at_work(now):
            self._count(row)
        full = queue.waiting() >= FULL
        self.free = 0 if full else settings.JOB_WORKERS - self.busy.total()
        self.accounts = budgets.restricted() if self.free > 0 else {}
        self._lines: dict[str, Line] = {}

    def next(self, kind: str) -> Waiting | None:
        if self.busy[kind] >= _workers(kind):
            return None
        job = self._line(kind).next(self.now, self._may_send if kind == SUBMIT else _always)
        if job:
            self.free -= 1
            self.busy[kind] += 1
        return job

    def _count(self, row: Generation) -> None:
        kind = _kind(row)
        self.busy[kind] += 1
        load = self.loads[kind][row.agency_id]
        load.count += 1
        load.served = max(load.served, row.hinted_at or row.status_since)
        if kind == SUBMIT:
            self.sends[row.account_id] += 1

    def _may_send(self, job: Waiting) -> bool:
        account = self.accounts.get(job.account_id)
        if account and self.sends[account.pk] >= budgets.sends_allowed(account, self.now):
            return False
        self.sends[job.account_id] += 1
        return True

    def _line(self, kind: str) -> Line:
        if kind not in self._lines:
            self._lines[kind] = line = self._make_line(kind)
            closed = [
                pk for pk, account in self.accounts.items()
                if kind == SUBMIT and not budgets.sends_allowed(account, self.now)
            ]  # fmt: skip
            line.join(_waiting(kind, self.now, closed))
        return self._lines[kind]

    def _make_line(self, kind: str) -> Line:
        if kind != SUBMIT:
            return Line(slots=_workers(kind), cap=1, loads=self.loads[kind])
        slots = settings.DISPATCH_SLOTS
        for agency, count, since in _at_iacrea(self.now):
            load = self.loads[kind][agency]
            load.count, load.served = load.count + count, max(load.served, since)
        return Line(slots=slots, cap=share(slots), loads=self.loads[kind])


def _workers(kind: str) -> int:
    """Servers that hang hold at most half of the workers, given URLs and pictures alike."""
    workers = settings.JOB_WORKERS
    return workers if kind == SUBMIT else max(1, (workers + 1) // 2)


def _kind(row: Generation) -> str:
    if row.status == Status.ARCHIVING:
        return ARCHIVE
    ready = row.status == Status.SUBMITTING or row.inputs_ready_at
    return SUBMIT if ready else INPUTS


def _always(_job: Waiting) -> bool:
    return True


def _silent(now: datetime) -> Q:
    """No worker was just told of it."""
    return Q(hinted_at=None) | Q(hinted_at__lte=now - REPEAT_HINT)


def _at_work(now: datetime) -> TenantQuerySet[Generation]:
    """Jobs of which a worker was told, and those that one has claimed by moving their time."""
    told = Q(due_at__lte=now, hinted_at__gt=now - REPEAT_HINT)
    claimed = Q(due_at__gt=now, hinted_at__gt=now - AT_WORK)
    sending = Q(status=Status.SUBMITTING, status_since__gt=now - AT_WORK)
    rows = live_rows().filter(
        sending
        | (told & Q(status__in=[Status.QUEUED, Status.ARCHIVING]))
        | (claimed & (KINDS[INPUTS] | KINDS[ARCHIVE]))
    )
    return rows.only(
        "agency_id", "account_id", "status", "status_since", "inputs_ready_at", "hinted_at"
    )


def _at_iacrea(now: datetime) -> Iterator[tuple[UUID, int, datetime]]:
    rows = live_rows().filter(status=Status.PROCESSING, status_since__gt=now - IN_FLIGHT)
    # By the column itself SQLite would count in the order of its index, which has every job.
    counted = rows.order_by().values_list(Cast("agency_id", UUIDField()))
    yield from counted.annotate(Count("pk"), Max("status_since"))


def _somebody_waits(now: datetime) -> bool:
    some_work = reduce(or_, KINDS.values())
    return live_rows().filter(_silent(now), some_work, due_at__lte=now).exists()


def _waiting(kind: str, now: datetime, closed: list[UUID]) -> Iterator[Waiting]:
    """Of each agency as many as could be handed out at once, in the order of their turn."""
    due = Generation.objects.filter(_silent(now), KINDS[kind], due_at__lte=now)
    place = Window(
        RowNumber(),
        partition_by=[F("agency_id")],
        order_by=[SINGLES_FIRST.asc(), F("due_at").asc()],
    )
    due = due.exclude(account_id__in=closed).exclude(pk__in=strikes.quarantined())
    first = due.annotate(place=place)
    rows = first.filter(place__lte=settings.JOB_WORKERS).order_by("place")
    for pk, agency, account, since in rows.values_list("pk", "agency_id", "account_id", "due_at"):
        assert since, "it is due"
        yield Waiting(pk, agency, account, since)
