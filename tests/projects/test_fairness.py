"""Whose turn it is: a burst of one agency keeps nobody else waiting."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django_q.models import OrmQ

from accounts.choices import LotSource, Mode
from accounts.quota import grant_photos
from integrations.iacrea import budgets
from integrations.iacrea.models import IacreaAccount
from projects.choices import Source, Status
from projects.models import Generation
from projects.pipeline import dispatch
from projects.pipeline.fair import Line, Load, Waiting
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import again, backdate, given_by_url, use_upstream
from tests.projects.upstream import Upstream
from tests.worker import run_queued, sweep_once

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = uuid4()


def line(slots: int = 40, cap: int = 30, **in_flight: int) -> Line:
    loads = defaultdict[UUID, Load](Load)
    for name, count in in_flight.items():
        loads[agency(name)].count = count
    return Line(slots, cap, loads)


def agency(name: str) -> UUID:
    return UUID(int=ord(name))


def waiting(name: str, minute: int = 0) -> Waiting:
    return Waiting(uuid4(), agency(name), ACCOUNT, NOW + timedelta(minutes=minute))


def turns(line: Line, count: int, names: str = "abc") -> str:
    """The agencies that are served, in order."""
    served = ""
    for number in range(count):
        job = line.next(NOW + timedelta(seconds=number), lambda _job: True)
        served += next(n for n in names if agency(n) == job.agency_id) if job else "-"
    return served


def test_the_fewest_in_flight_then_the_one_served_least_recently() -> None:
    fair = line(a=2, b=1)
    fair.join([waiting(name) for name in "aaabbbccc"])
    # c has none; b was never served, as c was; all have two, and a waits; then in turn until the
    # three of c are served.
    assert turns(fair, 9) == "cbcabcaba"


def test_a_tie_goes_to_who_waits_longest() -> None:
    fair = line()
    fair.join([waiting("a", 2), waiting("b", 1), waiting("c", 3)])
    assert turns(fair, 4) == "bac-"


def test_three_quarters_while_others_wait() -> None:
    fair = line(slots=8, cap=6, b=7, a=6)
    fair.join([waiting("a"), waiting("b")])
    assert turns(fair, 1) == "-", "both are at their share"
    alone = line(slots=8, cap=6, a=6)
    alone.join([waiting("a"), waiting("a"), waiting("a")])
    assert turns(alone, 3) == "aa-", "with nobody else all slots may be used, and no more"


def test_who_has_nothing_in_flight_does_not_wait_for_slots_that_hang() -> None:
    full = line(slots=4, cap=3, a=4)
    full.join([waiting("a"), waiting("b"), waiting("b")])
    assert turns(full, 2) == "b-"


def test_who_may_not_go_is_passed_over() -> None:
    fair = line()
    fair.join([waiting("a"), waiting("b")])
    assert fair.next(NOW, lambda job: job.agency_id == agency("b"))
    assert fair.next(NOW, lambda _job: True) is None


# --- with the real rows and the real queue ----------------------------------------------------

db = pytest.mark.django_db


def burst(cast: Cast, count: int) -> list[Generation]:
    """As many jobs as the agency likes, accepted one after another."""
    grant_photos(agency=cast.agency, mode=Mode.LIVE, photos=count, source=LotSource.PACK)
    return [queued_generation(cast) for _ in range(count)]


def hints() -> list[str]:
    return [row.task["args"][0] for row in OrmQ.objects.order_by("pk") if row.task["args"]]


@db
def test_a_burst_waits_in_its_rows_and_not_in_the_queue(alice: Cast, settings: Any) -> None:
    jobs = burst(alice, 20)
    sweep_once()
    assert hints() == [str(job.pk) for job in jobs[: settings.JOB_WORKERS]]
    for _ in range(3):
        sweep_once()
    assert len(hints()) == settings.JOB_WORKERS


@db
@pytest.mark.parametrize("rule", ["fair", "first come, first served"])
def test_another_agencys_job_is_sent_among_the_first(
    alice: Cast, charlie: Cast, rule: str, monkeypatch: Any
) -> None:
    """200 jobs are dropped by one, then one job by another. The control must fail."""
    if rule != "fair":
        monkeypatch.setattr(Line, "_order", lambda _line, _agency, queue: queue[0].since)
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        use_upstream(charlie, upstream.origin)
        burst(alice, 200)
        his = queued_generation(charlie)
        for _ in range(8):
            sweep_once()
            run_queued()
    before = upstream.submits
    assert len(before) >= 15
    position = next((n for n, url in enumerate(before) if his.photo.token in url), None)
    if rule == "fair":
        assert position is not None and position <= 1
    else:
        assert position is None, "it stands behind all of them"


@db
def test_the_wait_is_bounded_while_the_burst_is_under_way(alice: Cast, charlie: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        use_upstream(charlie, upstream.origin)
        burst(alice, 30)
        run_queued()
        his = queued_generation(charlie)
        already = len(upstream.submits)
        sweep_once()
        run_queued()
        sweep_once()
        run_queued()
    waited_for = upstream.submits[already:]
    position = next(n for n, url in enumerate(waited_for) if his.photo.token in url)
    assert position <= 3, "those that the workers had in hand"


@db
def test_the_dashboards_jobs_come_before_those_of_the_api(alice: Cast) -> None:
    jobs = [queued_generation(alice) for _ in range(4)]
    Generation.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(source=Source.API)
    forget_hints()
    dispatch.hand_out()
    assert hints()[0] == str(jobs[3].pk)


def forget_hints() -> None:
    OrmQ.objects.all().delete()
    Generation.objects.update(hinted_at=None)


@db
def test_a_paused_accounts_jobs_are_in_nobodys_way(alice: Cast, charlie: Cast) -> None:
    jobs = [queued_generation(alice) for _ in range(5)]
    his = queued_generation(charlie)
    forget_hints()
    IacreaAccount.objects.filter(agency=alice.agency).update(
        paused_at=NOW, probe_at=F("created_at")
    )
    IacreaAccount.objects.update(probe_at=NOW + timedelta(days=9999))
    dispatch.hand_out()
    assert hints() == [str(his.pk)]
    assert {again(job).hinted_at for job in jobs} == {None}


@db
def test_no_more_sends_at_once_than_the_account_may(alice: Cast, charlie: Cast) -> None:
    for cast in (alice, alice, alice, charlie):
        queued_generation(cast)
    forget_hints()
    account = IacreaAccount.objects.get(agency=alice.agency, built_in=False)
    budgets.slow_down(account.pk, budgets.SENDS, 1)
    backdate(account, 60, "sends_wait_until")
    dispatch.hand_out()
    served = Generation.objects.filter(hinted_at__isnull=False).values_list("agency", flat=True)
    assert sorted(served) == sorted([alice.agency.pk, charlie.agency.pk])


@db
def test_a_tripped_account_gets_one_trial(alice: Cast) -> None:
    for _ in range(3):
        queued_generation(alice)
    forget_hints()
    account = IacreaAccount.objects.filter(agency=alice.agency, built_in=False)
    account.update(tripped_until=datetime.now(UTC) + timedelta(seconds=30))
    assert dispatch.hand_out() == 0
    account.update(tripped_until=datetime.now(UTC) - timedelta(seconds=1))
    assert dispatch.hand_out() == 1 and dispatch.hand_out() == 0


@db
def test_jobs_at_iacrea_hold_their_slots_for_ten_minutes(alice: Cast, settings: Any) -> None:
    settings.DISPATCH_SLOTS = 2
    running = [processing_generation(alice, f"up-{n}") for n in range(2)]
    queued_generation(alice)
    forget_hints()
    assert dispatch.hand_out() == 0
    for job in running:
        backdate(job, 601, "status_since")
    assert dispatch.hand_out() == 1


NOWHERE = "http://127.0.0.1:1/photo.jpg"


@db
def test_given_urls_hold_at_most_half_of_the_workers(
    alice: Cast, charlie: Cast, settings: Any
) -> None:
    assert settings.JOB_WORKERS == 3
    fetches = [given_by_url(alice, NOWHERE, NOWHERE) for _ in range(4)]
    others = [given_by_url(charlie, NOWHERE, NOWHERE) for _ in range(2)]
    send = queued_generation(charlie)
    forget_hints()
    assert dispatch.hand_out() == 3
    assert set(hints()) == {str(job.pk) for job in (fetches[0], others[0], send)}
    assert dispatch.hand_out() == 0
    claimed(fetches[0])
    claimed(others[0])
    assert dispatch.hand_out() == 0, "the two are at work, and the third worker sends"


def claimed(job: Generation) -> None:
    """A worker is at it."""
    backdate(job, -60, "due_at")


@db
def test_one_given_url_an_agency_while_others_wait(alice: Cast, charlie: Cast) -> None:
    first = given_by_url(alice, NOWHERE, NOWHERE)
    assert dispatch.hand_out() == 1
    claimed(first)
    given_by_url(alice, NOWHERE, NOWHERE)
    his = given_by_url(charlie, NOWHERE, NOWHERE)
    Generation.objects.exclude(pk=first.pk).update(hinted_at=None)
    OrmQ.objects.all().delete()
    assert dispatch.hand_out() == 1 and hints() == [str(his.pk)]


@db
def test_a_worker_that_died_at_a_send_is_missed_for_a_while_only(alice: Cast) -> None:
    jobs = [queued_generation(alice) for _ in range(4)]
    Generation.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(status=Status.SUBMITTING)
    OrmQ.objects.all().delete()
    assert dispatch.hand_out() == 0
    for job in jobs[:3]:
        backdate(job, 151, "status_since")
    assert dispatch.hand_out() == 1 and hints() == [str(jobs[3].pk)]
