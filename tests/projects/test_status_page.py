"""What the page about the service's state says, of whom, and what it costs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.services import add_member
from integrations.iacrea import accounts
from integrations.iacrea.models import IacreaAccount
from projects import service_state, sweeper
from projects.choices import Status
from projects.models import Generation, Lease
from projects.service_state import Upstream, state_for
from tests.conftest import Cast, signed_in
from tests.garden import queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db
URL = "/etat"
ENGLISH = {"accept-language": "en"}
QUERIES = 8


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    service_state.forget()
    yield
    service_state.forget()


@pytest.fixture
def running(db: None) -> None:
    assert sweeper.acquire()
    sung = timezone.now() - timedelta(seconds=4)
    Lease.objects.create(name="canary:", expires_at=sung)


def page(client: Client) -> str:
    return client.get(URL, headers=ENGLISH).content.decode()


def own(cast: Cast) -> IacreaAccount:
    return IacreaAccount.objects.get(agency=cast.agency, built_in=False)


def took(cast: Cast, *seconds: float, ago: timedelta = timedelta(hours=1)) -> None:
    origin = own(cast).origin
    for each in seconds:
        job, ended = succeeded_generation(cast, uuid4().hex), timezone.now() - ago
        began = ended - timedelta(seconds=each)
        Generation.objects.filter(pk=job.pk).update(
            created_at=began, ended_at=ended, upstream_origin=origin
        )


def test_all_is_well(alice: Cast, alice_client: Client, running: None) -> None:
    took(alice, 10, 20, 30, 40, 100)
    shown = page(alice_client)
    assert "All is well" in shown and "The picture service answers." in shown
    assert "<dd data-usual>30 seconds</dd>" in shown and "<dd data-late>1 min 28 s</dd>" in shown
    assert "of 5 pictures" in shown and "sign of life" in shown
    assert "La dernière image" in alice_client.get(URL).content.decode()


def test_old_pictures_and_few_tell_nothing(
    alice: Cast, alice_client: Client, running: None
) -> None:
    took(alice, 10, 10, 10, 10)
    took(alice, 999, 999, ago=timedelta(hours=25))
    shown = page(alice_client)
    assert "Too few pictures" in shown and "16 min" not in shown
    service_state.forget()
    Generation.objects.update(ended_at=timezone.now() - timedelta(days=2))
    shown = page(alice_client)
    assert "No picture arrived in the last 24 hours" in shown and "All is well" in shown


def test_what_waits_is_counted_apart_and_nobody_is_named(
    alice: Cast, charlie: Cast, charlie_client: Client, running: None
) -> None:
    for _ in range(2):
        queued_generation(alice)
    mine = queued_generation(charlie)
    oldest = timezone.now() - timedelta(hours=3)
    Generation.objects.filter(agency=alice.agency).update(created_at=oldest)
    unsure = queued_generation(charlie)
    Generation.objects.filter(pk=unsure.pk).update(status=Status.UNCONFIRMED)
    state = state_for(charlie.agency)
    assert (state.own.waiting, state.all.waiting) == (1, 3)
    assert (state.own.unclear, state.all.unclear) == (1, 1)
    mine.refresh_from_db()
    assert state.own.oldest == mine.created_at and state.all.oldest == oldest
    shown = page(charlie_client)
    assert "<td data-waiting>1</td><td>3</td>" in shown
    assert "Alice" not in shown and str(alice.agency.pk) not in shown
    assert "All is well" in shown, "for him: what waits for hours is not his"
    assert "Pictures wait" in page(signed_in(alice.owner))


def test_a_test_key_counts_for_nothing(alice: Cast, running: None) -> None:
    Generation.objects.filter(pk=queued_generation(alice).pk).update(mode="test")
    assert state_for(alice.agency).all.waiting == 0


def set_account(cast: Cast, **fields: Any) -> Upstream:
    IacreaAccount.objects.filter(agency=cast.agency, built_in=False).update(**fields)
    return state_for(cast.agency).upstream


def test_what_holds_up_the_agencys_account(
    alice: Cast, charlie: Cast, alice_client: Client, running: None
) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    assert set_account(alice, sends_wait_until=soon) == Upstream.BUSY
    assert set_account(alice, tripped_until=soon) == Upstream.NO_ANSWER
    assert "Pictures wait" in page(alice_client)
    accounts.pause(own(alice), "status 401")
    assert "iacrea refuses this key" in page(alice_client)
    assert state_for(charlie.agency).upstream == Upstream.UNKNOWN, "each agency has its own"
    IacreaAccount.objects.filter(agency=alice.agency).delete()
    assert state_for(alice.agency).upstream == Upstream.NO_ACCOUNT
    lent = IacreaAccount.objects.create(api_key="k", iacrea_user_id=uuid4())
    accounts.pause(lent, "status 402")
    shown = page(alice_client)
    assert "the operator has been told" in shown and "status 402" not in shown


def test_a_worker_that_is_dead(alice_client: Client, running: None) -> None:
    Lease.objects.filter(name="canary:").update(expires_at=timezone.now() - timedelta(minutes=9))
    assert "Our own worker does not answer" in page(alice_client)
    Lease.objects.all().delete()
    shown = page(alice_client)
    assert "Our own worker does not answer" in shown and "Pictures wait" in shown


def test_every_member_may_look_and_nobody_else(alice: Cast, client: Client) -> None:
    user = User.objects.create_user("i@example.org", "a password for tests", name="I")
    ines = signed_in(add_member(agency=alice.agency, user=user, role=Role.INTEGRATOR))
    assert ines.get(URL).status_code == 200 and client.get(URL).status_code == 302
    assert ines.post(URL).status_code == 405


def test_it_is_cheap(alice: Cast, running: None) -> None:
    took(alice, *[10] * 5)
    for _ in range(4):
        queued_generation(alice)
    with CaptureQueriesContext(connection) as first:
        state_for(alice.agency)
    with CaptureQueriesContext(connection) as second:
        state_for(alice.agency)
    assert len(first) <= QUERIES and len(second) < len(first)
