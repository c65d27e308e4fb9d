"""The ledger against a naive model of it, through long random histories.

Time passes by backdating the lots. The model's moments are (days, tick): each act is a tick, so
that of two lots given on one day the order of their ends is known without reading a clock. Months
and days are those of a calendar that begins at a fixed noon.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import hypothesis.strategies as st
import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts import quota
from accounts.choices import LotSource, Mode, StaffReason
from accounts.exceptions import AlreadyRefunded, NoPhotosLeft, NothingCaptured
from accounts.ledger_audit import differences
from accounts.models import PhotoLot
from accounts.periods import end_of_month
from accounts.selectors import credit_of, quota_of
from accounts.services import (
    adjust_photos,
    create_agency,
    grant_pack,
    refund_captured_photos,
    set_plan,
)
from accounts.sweep import expire_lots, grant_due_subscriptions, refill_test_photos

DAY = timedelta(days=1)
NOON = datetime(2031, 1, 10, 11, tzinfo=UTC)
EXAMPLES = settings(
    max_examples=16, stateful_step_count=50, derandomize=True, deadline=None, database=None
)
Moment = tuple[float, int]
Draw = Callable[[st.SearchStrategy[Any]], Any]
FEW = st.integers(1, 6)
DAYS = st.sampled_from([0, 0, 1, 2, 5, 9])
ACTS = [
    *["grant", "hold", "release"] * 3, *["capture", "hold"] * 2, "end_again", "refund", "adjust",
    "expire", "subscribe", "spend_in_test_mode",
]  # fmt: skip


@dataclass
class Lot:
    source: str
    until: Moment | None
    available: int
    held: int = 0
    consumed: int = 0


@dataclass
class Books:
    """What the ledger should say, the slow and simple way. Lots are in order of age."""

    now: Moment = (0, 0)
    lots: list[Lot] = field(default_factory=list)
    open: dict[UUID, list[tuple[Lot, int]]] = field(default_factory=dict)
    charged: dict[UUID, int] = field(default_factory=dict)
    given_back: list[UUID] = field(default_factory=list)
    refunded: set[UUID] = field(default_factory=set)

    def tick(self, days: float = 0) -> Moment:
        self.now = (self.now[0] + days, self.now[1] + 1)
        return self.now

    def later(self, days: float) -> Moment:
        return (self.now[0] + days, self.now[1])

    def usable(self) -> list[Lot]:
        lots = [lot for lot in self.lots if lot.until is None or lot.until > self.now]
        return sorted(lots, key=lambda lot: lot.until or (10**9, 0))

    def available(self) -> int:
        return sum(lot.available for lot in self.usable())

    def take(self, photos: int) -> list[tuple[Lot, int]]:
        taken = []
        for lot in self.usable():
            part = min(lot.available, photos)
            if part:
                lot.available -= part
                taken.append((lot, part))
            photos -= part
        return taken

    def hold(self, job: UUID, photos: int) -> None:
        self.open[job] = self.take(photos)
        for lot, part in self.open[job]:
            lot.held += part

    def expire(self) -> None:
        for lot in self.lots:
            if lot.until is not None and lot.until <= self.now:
                lot.available = 0

    def release(self, job: UUID) -> None:
        self.expire()
        for lot, part in self.open.pop(job):
            self.tick()
            lot.until = lot.until and max(lot.until, self.later(7))
            lot.held -= part
            lot.available += part
        self.given_back.append(job)

    def capture(self, job: UUID) -> None:
        self.charged[job] = 0
        for lot, part in self.open.pop(job):
            lot.held -= part
            lot.consumed += part
            self.charged[job] += part


class Ledger(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.agency = create_agency(name="Jardins", photos=5)
        self.began = timezone.now()
        self.books = Books(lots=[Lot(LotSource.PACK, None, 5)])
        self.plan, self.months = 0, set[str]()
        self.test_photos, self.refilled = 1000, set[float]()

    def teardown(self) -> None:
        assert list(differences()) == []
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- what happens

    @rule(days=DAYS, act=st.sampled_from(ACTS), data=st.data())
    def act(self, days: int, act: str, data: st.DataObject) -> None:
        """One rule with weights: of many, hypothesis likes to leave some out, and a history
        without releases shows little."""
        self.books.tick(days)
        lots = PhotoLot.objects.filter(agency=self.agency)
        lots.update(usable_until=F("usable_until") - timedelta(days=days))
        getattr(self, act)(data.draw)

    def grant(self, draw: Draw) -> None:
        photos, days = draw(FEW), draw(st.none() | st.integers(1, 12))
        until = None if days is None else timezone.now() + timedelta(days=days)
        grant_pack(**self._staff, photos=photos, usable_until=until)
        end = None if days is None else self.books.later(days)
        self.books.lots.append(Lot(LotSource.PACK, end, photos))

    def hold(self, draw: Draw) -> None:
        job = {**self._tenant, "generation_id": uuid4(), "photos": draw(FEW)}
        if job["photos"] > self.books.available():
            with pytest.raises(NoPhotosLeft):
                quota.hold_photos(**job)
            return
        quota.hold_photos(**job)
        self.books.hold(job["generation_id"], job["photos"])

    def release(self, draw: Draw) -> None:
        if self.books.open:
            job = draw(st.sampled_from(list(self.books.open)))
            photos = sum(part for _lot, part in self.books.open[job])
            self.books.release(job)
            assert self._end(quota.release_photos, job) == photos

    def capture(self, draw: Draw) -> None:
        if self.books.open:
            job = draw(st.sampled_from(list(self.books.open)))
            self.books.capture(job)
            assert self._end(quota.capture_photos, job) == self.books.charged[job]

    def end_again(self, draw: Draw) -> None:
        for job in [*self.books.charged, *self.books.given_back][-2:]:
            for function in (quota.release_photos, quota.capture_photos):
                with pytest.raises(IntegrityError):
                    self._end(function, job)

    def refund(self, draw: Draw) -> None:
        jobs = [*self.books.charged, *self.books.given_back, *self.books.open, uuid4()]
        job = draw(st.sampled_from(jobs))
        refusal = AlreadyRefunded if job in self.books.refunded else NothingCaptured
        if job in self.books.refunded or job not in self.books.charged:
            with pytest.raises(refusal):
                refund_captured_photos(**self._staff, generation_id=job)
            return
        refund_captured_photos(**self._staff, generation_id=job)
        self.books.refunded.add(job)
        self.books.lots.append(Lot(LotSource.GOODWILL, None, self.books.charged[job]))

    def adjust(self, draw: Draw) -> None:
        photos = draw(FEW)
        if photos > self.books.available():
            with pytest.raises(NoPhotosLeft):
                adjust_photos(**self._staff, photos=photos)
            return
        adjust_photos(**self._staff, photos=photos)
        self.books.take(photos)

    def expire(self, draw: Draw) -> None:
        self.books.expire()
        expire_lots()

    def subscribe(self, draw: Draw) -> None:
        self.plan = draw(st.integers(0, 9))
        set_plan(agency=self.agency, photos_per_month=self.plan, actor_id="dana")
        month = f"{self._today:%Y-%m}"
        due = self.plan > 0 and month not in self.months
        assert grant_due_subscriptions(now=self._today) == due
        if due:
            self.months.add(month)
            self._begin_month()
        monthly = [x.available for x in self.books.usable() if x.source == LotSource.SUBSCRIPTION]
        credit = credit_of(self.agency, Mode.LIVE)
        assert (credit["total"], credit["subscription"]) == (self.books.available(), sum(monthly))

    def spend_in_test_mode(self, draw: Draw) -> None:
        spent = min(draw(st.integers(1, 1000)), self.test_photos)
        if spent:
            job = {"agency_id": self.agency.pk, "mode": Mode.TEST, "generation_id": uuid4()}
            quota.hold_photos(**job, photos=spent)
            quota.capture_photos(**job, reason="a test")
            self.test_photos -= spent
        due = self.test_photos < 1000 and self.books.now[0] not in self.refilled
        assert refill_test_photos(now=self._today) == due
        if due:
            self.refilled.add(self.books.now[0])
            self.test_photos = 1000
        assert quota_of(self.agency, Mode.TEST).available == self.test_photos

    # --- what is always so

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        lots = self.books.lots
        held, consumed = sum(lot.held for lot in lots), sum(lot.consumed for lot in lots)
        live = quota_of(self.agency, Mode.LIVE)
        assert (live.available, live.held, live.consumed) == (
            self.books.available(), held, consumed,
        )  # fmt: skip

    @invariant()
    def lots_are_those_of_the_model(self) -> None:
        rows = PhotoLot.objects.filter(agency=self.agency, mode=Mode.LIVE).order_by("created_at")
        stored = [(x.source, x.available, x.held, x.consumed) for x in rows]
        lots = self.books.lots
        assert stored == [(x.source, x.available, x.held, x.consumed) for x in lots]
        ends = [x.usable_until and (x.usable_until - timezone.now()) / DAY for x in rows]
        # The test itself takes some minutes of the database's time on a busy machine.
        assert ends == [
            x.until and pytest.approx(x.until[0] - self.books.now[0], abs=0.02) for x in lots
        ]

    # --- small helpers

    def _end(self, function: Callable[..., int], job: UUID) -> int:
        return function(**self._tenant, generation_id=job, reason="a test")

    @property
    def _tenant(self) -> dict[str, Any]:
        return {"agency_id": self.agency.pk, "mode": Mode.LIVE}

    @property
    def _staff(self) -> dict[str, Any]:
        return {
            "agency": self.agency, "mode": Mode.LIVE, "actor_id": "dana",
            "reason": StaffReason.CORRECTION,
        }  # fmt: skip

    @property
    def _today(self) -> datetime:
        return NOON + timedelta(days=self.books.now[0])

    def _begin_month(self) -> None:
        """Its end is brought from the calendar's time into the database's."""
        from_noon = end_of_month(self._today.date()) - NOON
        lot = PhotoLot.objects.filter(agency=self.agency).latest("created_at")
        end = self.began + from_noon - timedelta(days=self.books.now[0])
        PhotoLot.objects.filter(pk=lot.pk).update(usable_until=end)
        self.books.lots.append(Lot(LotSource.SUBSCRIPTION, (from_noon / DAY, 0), self.plan))


@pytest.mark.django_db
def test_any_history() -> None:
    run_state_machine_as_test(Ledger, settings=EXAMPLES)
