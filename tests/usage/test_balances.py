"""What is left after each movement, against a naive loop: with ties, filters, pages and DST."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import EntryKind, Mode
from accounts.ledger_audit import differences
from accounts.selectors import quota_of
from projects.usage import selectors
from projects.usage.asked import Asked
from projects.usage.periods import Period
from projects.usage.selectors import Listed
from projects.usage.sums import charged_by, summary_of
from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation
from tests.projects.jobs import balances
from tests.usage.ledgers import Move, first_lot, naive_balances, write

pytestmark = pytest.mark.django_db
ALWAYS = Period(date(2020, 1, 1), date(2040, 12, 31))
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
# Few moments, so that many entries share one.
MOVES = st.lists(
    st.tuples(
        st.sampled_from(list(EntryKind)),
        st.integers(1, 9),
        st.integers(-3, 3).map(lambda days: NOON + timedelta(days=days)),
        st.none(),
    ),
    max_size=20,
)


def pages(cast: Cast, asked: Asked, size: int) -> list[Listed]:
    count = summary_of(selectors.moved(cast.agency, Mode.LIVE, asked)).listed
    return [
        each
        for first in range(0, count, size)
        for each in selectors.page_of(
            cast.agency, Mode.LIVE, asked, range(first, min(first + size, count))
        )
    ]


def left(listed: list[Listed]) -> dict[UUID, int]:
    return {each.entry.pk: each.left for each in listed}


@given(moves=MOVES, kind=st.sampled_from(["", *EntryKind]), size=st.integers(1, 7))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_page_and_the_file_agree_with_a_loop(
    alice: Cast, moves: list[Move], kind: str, size: int
) -> None:
    """Each example adds to the ledger of those before it."""
    write(first_lot(alice), moves)
    expected = naive_balances(alice)
    days = Period(date(2026, 3, 28), date(2026, 3, 30))
    for asked in (Asked(ALWAYS), Asked(ALWAYS, kind=kind), Asked(days, kind=kind)):
        shown = pages(alice, asked, size)
        by_time = [(each.entry.created_at, str(each.entry.pk)) for each in shown]
        assert by_time == sorted(by_time, reverse=True), "the newest first"
        assert all(each.entry.kind in (kind, asked.kind or each.entry.kind) for each in shown)
        assert left(shown).items() <= expected.items()
        file = list(selectors.listed_of(alice.agency, Mode.LIVE, asked))
        assert left(file) == left(shown) and [e.entry for e in file] == [
            e.entry for e in reversed(shown)
        ]
    assert left(pages(alice, Asked(ALWAYS), size)) == expected


def test_the_numbers_on_top_are_the_last_balance(alice: Cast) -> None:
    succeeded_generation(alice)
    queued_generation(alice)
    summary = summary_of(selectors.moved(alice.agency, Mode.LIVE, Asked(ALWAYS)))
    newest = pages(alice, Asked(ALWAYS), 50)[0]
    photos = quota_of(alice.agency, Mode.LIVE)
    assert (summary.available, summary.held) == (photos.available, photos.held) == (8, 1)
    assert newest.left == summary.available == balances(alice)[0]
    assert (summary.granted, summary.charged, summary.given_back) == (10, 1, 0)
    assert list(differences()) == []


@given(moves=MOVES, first=st.integers(-4, 4), days=st.integers(0, 8))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_periods_bill_adds_up(alice: Cast, moves: list[Move], first: int, days: int) -> None:
    write(first_lot(alice), moves)
    begin = NOON.date() + timedelta(days=first)
    asked = Asked(Period(begin, begin + timedelta(days=days)))
    s = summary_of(selectors.moved(alice.agency, Mode.LIVE, asked))
    assert s.carried + s.granted + s.refunded - s.adjusted - s.expired - s.charged == s.owned
    before = Asked(Period(date(2020, 1, 1), begin - timedelta(days=1)))
    assert summary_of(selectors.moved(alice.agency, Mode.LIVE, before)).owned == s.carried
    last = pages(alice, Asked(Period(date(2020, 1, 1), asked.period.last)), 200)
    assert s.available == (last[0].left if last else 0)
    used = selectors.usage_of(alice.agency, Mode.LIVE, asked.period)
    assert sum(map(sum, charged_by(used, asked.period.steps()).values())) == s.charged


@pytest.mark.parametrize(
    ("moment", "bar"),
    [
        ("2026-03-28T22:59:59+00:00", 0),  # 23:59 in Paris
        ("2026-03-28T23:00:00+00:00", 1),  # midnight, in winter time
        ("2026-03-29T21:59:59+00:00", 1),  # 23:59, in summer time: the day had 23 hours
        ("2026-03-29T22:00:00+00:00", 2),
    ],
)
def test_a_day_is_a_day_in_paris(alice: Cast, moment: str, bar: int) -> None:
    write(first_lot(alice), [(EntryKind.CAPTURE, 2, datetime.fromisoformat(moment), None)])
    period = Period(date(2026, 3, 28), date(2026, 3, 30))
    used = selectors.usage_of(alice.agency, Mode.LIVE, period)
    expected = [0, 0, 0]
    expected[bar] = 2
    assert list(charged_by(used, period.steps()).values()) == [expected]


def test_a_long_period_has_months(alice: Cast) -> None:
    period = Period(date(2025, 12, 15), date(2026, 3, 2))
    assert period.is_by_month
    assert [f"{day:%m-%d}" for day in period.steps()] == ["12-15", "01-01", "02-01", "03-01"]


def test_a_movement_of_test_mode_is_not_there(alice: Cast) -> None:
    queued_generation(alice, Mode.TEST)
    assert len(pages(alice, Asked(ALWAYS), 50)) == 1, "the photos of the first day"


def test_another_agencys_are_not_there(alice: Cast, charlie: Cast) -> None:
    write(first_lot(charlie), [(EntryKind.ADJUST, 5, NOON, None)] * 3)
    random_id = str(naive_balances(charlie).popitem()[0])
    assert len(pages(alice, Asked(ALWAYS), 50)) == 1
    assert pages(alice, Asked(ALWAYS, id=random_id), 50) == []
