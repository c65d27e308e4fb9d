"""An account that iacrea refuses is paused and looked at again; one in a hurry slows down."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django_q.models import OrmQ

from integrations.iacrea import budgets
from integrations.iacrea.accounts import pause, resume, resume_by_staff
from integrations.iacrea.budgets import GETS, SENDS
from integrations.iacrea.models import IacreaAccount
from projects import tasks
from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import again, at_once, backdate, balances, ended_as, use_upstream
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db


class Iacrea(Server):
    """Says what the test tells it to, for each call by the end of its path."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        super().__init__(self._reply)

    def count(self, call: str) -> int:
        return len([r for r in self.requests if r.path.endswith(call)])

    def _reply(self, request: Request) -> Reply:
        call = request.path.rsplit("/", 1)[1]
        accepted = Reply.json({"generation_id": f"up-{len(self.requests)}"})
        return self.replies.get(call, accepted)


@pytest.fixture
def iacrea() -> Iterator[Iacrea]:
    with Iacrea() as made:
        yield made


def credit(total: int) -> Reply:
    return Reply.json({"total": total, "subscription": total, "extra": 0})


def paused(cast: Cast, iacrea: Iacrea, status: int = 401) -> tuple[IacreaAccount, Generation]:
    account = use_upstream(cast, iacrea.origin)
    iacrea.replies["generate"] = Reply(status)
    job = queued_generation(cast)
    run_queued()
    account.refresh_from_db()
    assert account.paused_at and again(job).status == Status.QUEUED
    del iacrea.replies["generate"]
    return account, job


def probe(account: IacreaAccount) -> float:
    """Its time has come; returns the minutes until the next."""
    account.refresh_from_db()
    assert account.probe_at
    backdate(account, 20 * 60, "probe_at")
    sweep_once()
    before = account.probe_at
    account.refresh_from_db()
    return (account.probe_at - before).total_seconds() / 60 if account.probe_at else 0


def test_a_pause_is_told_once(alice: Cast, iacrea: Iacrea, caplog: Any) -> None:
    account, job = paused(alice, iacrea)
    pause(account, "status 401")
    assert caplog.text.count(f"ALERT account_paused account={account.pk}") == 1
    assert "upstream-key" not in caplog.text
    assert balances(alice) == (9, 1, 0) and again(job).due_at


def test_it_is_looked_at_later_and_later_until_it_works(alice: Cast, iacrea: Iacrea) -> None:
    account, job = paused(alice, iacrea)
    first = account.probe_at - account.paused_at if account.probe_at and account.paused_at else None
    assert first and round(first.total_seconds()) == 60
    iacrea.replies["credit"] = Reply(401)
    sweep_once()
    assert iacrea.count("credit") == 0, "not before its time"
    for _minutes in (2, 5, 10, 15, 15):
        assert probe(account) > 0
        assert account.paused_at
    waits = []
    for _ in range(2):
        probe(account)
        waits.append(account.probes)
    assert waits == [6, 7] and iacrea.count("credit") == 7 and iacrea.count("generate") == 1
    iacrea.replies["credit"] = credit(3)
    probe(account)
    assert not account.paused_at and not account.probe_at and account.probes == 0
    backdate(job, 60, "hinted_at")
    sweep_once()
    run_queued()
    assert again(job).status == Status.PROCESSING


@pytest.mark.parametrize("reply", [credit(0), Reply(500), Reply(200, b"<html>"), Reply(reset=True)])
def test_what_is_no_credit_does_not_resume(alice: Cast, iacrea: Iacrea, reply: Reply) -> None:
    account, _job = paused(alice, iacrea, 402)
    iacrea.replies["credit"] = reply
    probe(account)
    assert account.paused_at and iacrea.count("credit") == 1


def test_intervals(alice: Cast, iacrea: Iacrea) -> None:
    account, _job = paused(alice, iacrea)
    iacrea.replies["credit"] = Reply(401)
    minutes = []
    for _ in range(6):
        backdate(account, 20 * 60, "probe_at", "paused_at")
        sweep_once()
        account.refresh_from_db()
        assert account.probe_at and account.paused_at
        since = Generation.objects.order_by("-status_since")[0].status_since
        minutes.append(round((account.probe_at - since).total_seconds() / 60))
    assert minutes == [2, 5, 10, 15, 15, 15]


def test_an_old_look_does_not_end_a_new_pause(alice: Cast) -> None:
    account = use_upstream(alice, "http://127.0.0.1:1")
    pause(account, "first")
    account.refresh_from_db()
    assert resume(account)
    pause(account, "second")
    assert not resume(account)
    account.refresh_from_db()
    assert account.pause_reason == "second"


def test_a_paused_accounts_jobs_end_after_a_day(alice: Cast, iacrea: Iacrea) -> None:
    _account, job = paused(alice, iacrea)
    backdate(job, 24 * 3600, "created_at", "due_at")
    sweep_once()
    assert ended_as(job, "upstream_unavailable") and balances(alice) == (10, 0, 0)


def test_one_agencys_pause_is_its_own(alice: Cast, charlie: Cast, iacrea: Iacrea) -> None:
    paused(alice, iacrea)
    use_upstream(charlie, iacrea.origin)
    job = queued_generation(charlie)
    run_queued()
    assert again(job).status == Status.PROCESSING


def test_staff_resumes_it(alice: Cast, iacrea: Iacrea) -> None:
    account, job = paused(alice, iacrea)
    assert resume_by_staff(account, actor_id="dana", reason="the key was renewed")
    assert not resume_by_staff(account, actor_id="dana", reason="the key was renewed")
    entry = alice.agency.audit_entries.get(action="iacrea_account.resume")
    assert (entry.actor_id, entry.reason) == ("dana", "the key was renewed")
    backdate(job, 60, "hinted_at")
    sweep_once()
    run_queued()
    assert again(job).status == Status.PROCESSING


def test_a_429_closes_the_account_for_as_long_as_it_says(
    alice: Cast, charlie: Cast, iacrea: Iacrea
) -> None:
    account = use_upstream(alice, iacrea.origin)
    use_upstream(charlie, iacrea.origin)
    iacrea.replies["generate"] = Reply(429, headers={"retry-after": "120"})
    first, second = queued_generation(alice), queued_generation(alice)
    run_queued()
    assert iacrea.count("generate") == 1, "the second was not tried inside the window"
    del iacrea.replies["generate"]
    other = queued_generation(charlie)
    run_queued()
    assert again(other).status == Status.PROCESSING
    for job in (first, second):
        backdate(job, 121, "due_at", "hinted_at")
    sweep_once()
    run_queued()
    assert {again(job).status for job in (first, second)} == {Status.QUEUED}
    backdate(account, 121, "sends_wait_until")
    for _ in range(2):
        sweep_once()
        run_queued()
    assert {again(job).status for job in (first, second)} == {Status.PROCESSING}


def test_fewer_at_once_and_slowly_more_again(alice: Cast, settings: Any) -> None:
    settings.JOB_WORKERS = 8
    account = use_upstream(alice, "http://127.0.0.1:1")

    def allowed() -> int:
        account.refresh_from_db()
        backdate(account, 100, "sends_wait_until")
        account.refresh_from_db()
        return int(account.sends_at_once or 8)

    budgets.slow_down(account.pk, SENDS, 30)
    budgets.slow_down(account.pk, SENDS, 60)  # of a send that was under way: the same sign
    assert allowed() == 4
    for expected in (2, 1, 1):
        budgets.slow_down(account.pk, SENDS, 30)
        assert allowed() == expected
    seen = []
    for _ in range(40):
        budgets.grow(account, SENDS)
        seen.append(allowed())
    assert seen[:6] == [2, 2, 2, 3, 3, 3] and seen[-1] == 8
    account.refresh_from_db()
    assert account.sends_at_once is None


def test_the_longest_wait_counts(alice: Cast) -> None:
    account = use_upstream(alice, "http://127.0.0.1:1")
    for seconds in (900, 1):
        budgets.slow_down(account.pk, SENDS, seconds)
    account.refresh_from_db()
    waits = account.sends_wait_until
    assert waits
    budgets.slow_down(account.pk, SENDS, 900)
    account.refresh_from_db()
    assert account.sends_wait_until and account.sends_wait_until >= waits


@pytest.mark.parametrize(
    ("call", "slow", "free"), [("generate", SENDS, GETS), ("get", GETS, SENDS)]
)
def test_a_429_shrinks_its_own_budget_only(
    alice: Cast, iacrea: Iacrea, call: str, slow: budgets.Budget, free: budgets.Budget
) -> None:
    account = use_upstream(alice, iacrea.origin)
    iacrea.replies[call] = Reply(429, headers={"retry-after": "60"})
    iacrea.replies.setdefault("get", Reply.json({"status": "PROCESSING"}))
    asked = processing_generation(alice)
    sent = queued_generation(alice)
    backdate(asked, 60, "due_at")
    sweep_once()
    run_queued()
    account.refresh_from_db()
    assert getattr(account, slow.wait_until) and getattr(account, slow.at_once)
    assert not getattr(account, free.wait_until) and not getattr(account, free.at_once)
    assert again(asked).status == Status.PROCESSING
    assert again(sent).status == (Status.QUEUED if call == "generate" else Status.PROCESSING)


def test_after_a_429_on_get_no_get_until_it_is_over(
    alice: Cast, charlie: Cast, iacrea: Iacrea
) -> None:
    account = use_upstream(alice, iacrea.origin)
    use_upstream(charlie, iacrea.origin)
    budgets.slow_down(account.pk, GETS, 60)
    iacrea.replies["get"] = Reply.json({"status": "PROCESSING"})
    hers, his = processing_generation(alice), processing_generation(charlie, "up-2")
    for job in (hers, his):
        backdate(job, 60, "due_at")
    sweep_once()
    asked = [r.json()["generation_id"] for r in iacrea.requests]
    assert asked == ["up-2"] and sweep_once() == 0, "nothing spins meanwhile"
    backdate(account, 61, "gets_wait_until")
    sweep_once()
    assert iacrea.count("get") == 2


def test_gets_at_once_are_within_the_budget(alice: Cast, iacrea: Iacrea) -> None:
    account = use_upstream(alice, iacrea.origin)
    IacreaAccount.objects.filter(pk=account.pk).update(gets_at_once=2)
    iacrea.replies["get"] = Reply.json({"status": "PROCESSING"})
    for number in range(5):
        backdate(processing_generation(alice, f"up-{number}"), 60, "due_at")
    counts = []
    for _ in range(3):
        before = iacrea.count("get")
        sweep_once()
        counts.append(iacrea.count("get") - before)
    assert counts[0] == 2 and sum(counts) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_many_429s_at_once_halve_once(alice: Cast, settings: Any) -> None:
    settings.JOB_WORKERS = 8
    account = use_upstream(alice, "http://127.0.0.1:1")
    calls: list[Callable[[], Any]] = [partial(budgets.slow_down, account.pk, SENDS, 30)] * 6
    at_once(*calls)
    account.refresh_from_db()
    assert account.sends_at_once == 4


def test_a_task_of_a_paused_account_does_nothing(alice: Cast, iacrea: Iacrea) -> None:
    _account, job = paused(alice, iacrea)
    OrmQ.objects.all().delete()
    tasks.submit_generation(str(job.pk))
    assert iacrea.count("generate") == 1 and again(job).attempt == 1
