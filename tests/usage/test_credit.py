"""What iacrea says that its accounts have left: kept with its time, asked for by tasks only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrations.iacrea import credits
from integrations.iacrea.accounts import pause
from integrations.iacrea.models import IacreaAccount
from projects import tasks
from projects.pipeline import submit
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, use_upstream
from tests.servers import Reply, Server

pytestmark = pytest.mark.django_db
CREDIT = Reply.json({"total": 38, "subscription": 30, "extra": 8})


def shown(client: Client) -> str:
    return client.get("/utilisation", headers={"accept-language": "en"}).content.decode()


def account_of(cast: Cast) -> IacreaAccount:
    return IacreaAccount.objects.get(agency=cast.agency, built_in=False)


def test_it_is_asked_for_and_shown_with_its_time(alice: Cast, alice_client: Client) -> None:
    assert "not known yet" in shown(alice_client)
    with Server(lambda _: CREDIT) as iacrea:
        account = use_upstream(alice, iacrea.origin)
        tasks.ask_credit(str(account.pk))
        assert [request.path for request in iacrea.requests] == ["/api/account/credit"]
        before = len(iacrea.requests)
        assert "<span data-credit>38</span>" in shown(alice_client)
        assert len(iacrea.requests) == before, "a page calls nobody"


def test_a_job_that_is_taken_tells_it(alice: Cast) -> None:
    taken = Reply.json({"generation_id": "up-1", "remaining_photos": 41, "project_id": "p"})
    with Server(lambda _: taken) as iacrea:
        use_upstream(alice, iacrea.origin)
        job = queued_generation(alice)
        type(job).objects.filter(pk=job.pk).update(due_at=None)
        submit.submit(again(job))
    account = account_of(alice)
    assert account.credit == 41 and account.credit_seen_at


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(401), Reply(200, b"<html>"), Reply(reset=True)]
)
def test_what_is_no_answer_leaves_what_was_known(alice: Cast, reply: Reply) -> None:
    credits.saw(account_of(alice), 12)
    with Server(lambda _: reply) as iacrea:
        account = use_upstream(alice, iacrea.origin)
        tasks.ask_credit(str(account.pk))
    assert account_of(alice).credit == 12


def test_once_an_hour_and_only_what_may_be_asked(alice: Cast, charlie: Cast) -> None:
    hers, his = account_of(alice), account_of(charlie)
    assert set(credits.stale_accounts()) == {hers.pk, his.pk}, "none that is built in"
    pause(his, "status 401")
    credits.saw(hers, 5)
    assert credits.stale_accounts() == []
    old = timezone.now() - timedelta(hours=1)
    IacreaAccount.objects.filter(pk=hers.pk).update(credit_seen_at=old)
    assert credits.stale_accounts() == [hers.pk]


def test_nobody_sees_the_operators_or_anothers(
    alice: Cast, charlie: Cast, alice_client: Client
) -> None:
    credits.saw(account_of(charlie), 4711)
    IacreaAccount.objects.filter(agency=alice.agency, built_in=False).update(agency=None)
    credits.saw(IacreaAccount.objects.get(agency=None), 4712)
    html = shown(alice_client)
    assert "4711" not in html and "4712" not in html and "the operator’s account" in html
