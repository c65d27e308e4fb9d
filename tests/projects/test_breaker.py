"""Three unclear endings in a minute stop an account; one send decides when it goes on."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db.models import F

from integrations.iacrea import breaker
from integrations.iacrea.accounts import resume_by_staff
from integrations.iacrea.models import IacreaAccount
from projects import tasks
from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, at_once, backdate, balances, use_upstream
from tests.servers import Reply, Request, Server

pytestmark = pytest.mark.django_db


class Answering(Server):
    """Breaks until it is mended."""

    def __init__(self) -> None:
        self.reply: Reply | None = Reply(500)
        super().__init__(self._reply)

    def _reply(self, _request: Request) -> Reply:
        return self.reply or Reply.json({"generation_id": f"up-{len(self.requests)}"})


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering() as made:
        yield made


def send(cast: Cast) -> Generation:
    job = queued_generation(cast)
    tasks.submit_generation(str(job.pk))
    return again(job)


def trip(cast: Cast, server: Answering) -> IacreaAccount:
    account = use_upstream(cast, server.origin)
    assert [send(cast).status for _ in range(3)] == [Status.UNCONFIRMED] * 3
    account.refresh_from_db()
    return account


def test_the_third_in_a_minute_stops_the_account_and_no_other(
    alice: Cast, charlie: Cast, server: Answering, caplog: Any
) -> None:
    account = trip(alice, server)
    assert account.tripped_until and f"ALERT breaker_tripped account={account.pk}" in caplog.text
    assert send(alice).status == Status.QUEUED and len(server.requests) == 3
    assert balances(alice) == (6, 4, 0), "all keep their holds"
    use_upstream(charlie, server.origin)
    assert send(charlie).status == Status.UNCONFIRMED


def test_three_in_more_than_a_minute_do_not(alice: Cast, server: Answering) -> None:
    account = use_upstream(alice, server.origin)
    send(alice)
    account.refresh_from_db()
    early = [at - 61 for at in account.unclear_at]
    IacreaAccount.objects.filter(pk=account.pk).update(unclear_at=early)
    assert [send(alice).status for _ in range(2)] == [Status.UNCONFIRMED] * 2
    account.refresh_from_db()
    assert account.tripped_until is None and len(account.unclear_at) == 2
    send(alice)
    account.refresh_from_db()
    assert account.tripped_until, "the first of them no longer counts, and the others do"


def test_a_trial_that_goes_well_closes_it(alice: Cast, server: Answering) -> None:
    account = trip(alice, server)
    backdate(account, 31, "tripped_until")
    server.reply = None
    assert send(alice).status == Status.PROCESSING
    account.refresh_from_db()
    assert account.tripped_until is None
    assert send(alice).status == Status.PROCESSING


@pytest.mark.parametrize("status", [400, 429])
def test_an_answer_that_iacrea_means_closes_it(alice: Cast, server: Answering, status: int) -> None:
    account = trip(alice, server)
    backdate(account, 31, "tripped_until")
    server.reply = Reply(status)
    send(alice)
    account.refresh_from_db()
    assert account.tripped_until is None


def test_a_trial_that_goes_wrong_trips_it_again_at_once(
    alice: Cast, server: Answering, caplog: Any
) -> None:
    account = trip(alice, server)
    backdate(account, 31, "tripped_until")
    assert send(alice).status == Status.UNCONFIRMED
    assert send(alice).status == Status.QUEUED and len(server.requests) == 4
    assert caplog.text.count("ALERT breaker_tripped") == 2
    backdate(account, 15, "tripped_until")  # a busy machine needs some seconds for the above
    assert send(alice).status == Status.QUEUED, "the pause is 30 s again"


def test_a_trial_that_reaches_nobody_is_tried_again_later(alice: Cast, server: Answering) -> None:
    account = trip(alice, server)
    use_upstream(alice, "http://127.0.0.1:1")
    backdate(account, 31, "tripped_until")
    job = send(alice)
    account.refresh_from_db()
    assert job.status == Status.QUEUED and job.attempt == 1 and account.tripped_until
    assert send(alice).attempt == 0


def test_a_send_that_began_before_does_not_close_it(alice: Cast, server: Answering) -> None:
    account = use_upstream(alice, server.origin)
    before = breaker.admit(account)
    assert before
    trip(alice, server)
    breaker.answered(account, before)
    account.refresh_from_db()
    assert account.tripped_until


def test_staff_closes_it(alice: Cast, server: Answering) -> None:
    account = trip(alice, server)
    assert resume_by_staff(account, actor_id="dana", reason="iacrea says that it is mended")
    assert not resume_by_staff(account, actor_id="dana", reason="iacrea says that it is mended")
    server.reply = None
    assert send(alice).status == Status.PROCESSING


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_of_many_workers_one_makes_the_trial(alice: Cast, server: Answering) -> None:
    account = use_upstream(alice, server.origin)
    at_once(*[partial(breaker.unclear, account, breaker.Admission())] * 6)
    account.refresh_from_db()
    assert account.tripped_until
    IacreaAccount.objects.update(tripped_until=F("tripped_until") - breaker.PAUSE * 2)
    account.refresh_from_db()
    admitted = at_once(*[partial(breaker.admit, account)] * 6)
    assert len([admission for admission in admitted if admission]) == 1
