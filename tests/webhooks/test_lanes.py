"""One receiver that hangs delays nobody: whose turn it is, and that it comes."""

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest

from integrations.webhooks import deliveries
from integrations.webhooks.lanes import PER_AGENCY, PER_LANE, Lane, places
from integrations.webhooks.models import Delivery
from projects.pipeline.sweep import POSTS, Sweep
from tests.conftest import Cast, _agency
from tests.projects.jobs import wait_until
from tests.servers import Reply, Request, Server
from tests.webhooks.api import ENDPOINTS, live

HANGS = Reply(hang=True)


def lane(agency: object = None, endpoint: object = None, host: str = "example.org") -> Lane:
    return Lane(agency or uuid4(), endpoint, host)  # type: ignore[arg-type]


# --- Arithmetic


def test_a_lane_alone_has_its_share_and_no_more() -> None:
    only = lane()
    assert places(32, {only: 500}, []) == {only: PER_LANE}
    assert places(32, {only: 500}, [only] * 3) == {only: PER_LANE - 3}
    assert places(32, {only: 500}, [only] * PER_LANE) == {}
    assert places(32, {only: 1}, []) == {only: 1}
    assert places(0, {only: 5}, []) == {}


def test_an_agency_with_many_endpoints_has_its_share_too() -> None:
    agency = uuid4()
    many = [lane(agency, uuid4()) for _ in range(20)]
    begun = places(32, dict.fromkeys(many, 50), [])
    assert sum(begun.values()) == PER_AGENCY and max(begun.values()) == 1


def test_hosts_that_jobs_name_are_lanes_of_their_own() -> None:
    agency = uuid4()
    hanging, other = lane(agency, host="a.example.org"), lane(agency, host="b.example.org")
    assert places(9, {hanging: 50, other: 1}, [hanging] * PER_LANE) == {other: 1}


def test_who_has_fewest_under_way_comes_first() -> None:
    busy, new = lane(), lane()
    assert places(1, {busy: 500, new: 1}, [busy]) == {new: 1}


def test_nobody_is_always_last() -> None:
    """Among equals by lot: more lanes than there are places all get one, soon."""
    lanes = [lane() for _ in range(8)]
    served: Counter[Lane] = Counter()
    for _ in range(200):
        served.update(places(2, dict.fromkeys(lanes, 9), []))
    assert min(served[each] for each in lanes) > 10


# --- With receivers


def pinged(cast: Cast, url: str, count: int) -> str:
    made = live(cast).endpoint(url)
    for _ in range(count):
        live(cast).post(f"{ENDPOINTS}/{made['id']}/test")
    return str(made["id"])


def until(done: Callable[[], bool], sweep: Sweep) -> None:
    def step() -> bool:
        sweep.once()
        return done()

    wait_until(step)


def delivered(endpoint_id: str) -> int:
    return Delivery.objects.filter(endpoint=endpoint_id, state="delivered").count()


@pytest.mark.django_db
def test_endpoints_that_hang_delay_nobody(alice: Cast, charlie: Cast) -> None:
    """Neither the agency's other endpoint nor other agencies', however many wait before them."""
    sweep = Sweep()
    with Server(lambda _request: HANGS) as slow, Server(lambda _request: Reply(204)) as quick:
        hanging = pinged(alice, slow.origin, 3 * PER_LANE)
        hers = pinged(alice, quick.origin + "/hers", 6)
        his = pinged(charlie, quick.origin + "/his", 6)
        until(lambda: delivered(hers) == delivered(his) == 6, sweep)
        assert len(slow.requests) == PER_LANE and delivered(hanging) == 0
    sweep.finish()


@pytest.mark.django_db
def test_every_receiver_of_some_agencies_hangs(alice: Cast, charlie: Cast) -> None:
    """All their endpoints together leave threads for the rest."""
    sweep = Sweep()
    others = [_agency(f"Denise {n}", f"denise{n}@example.org", 1) for n in range(2)]
    with Server(lambda _request: HANGS) as slow, Server(lambda _request: Reply(204)) as quick:
        for cast in (alice, *others):
            for number in range(4):
                pinged(cast, f"{slow.origin}/{number}", 3)
        his = pinged(charlie, quick.origin, 5)
        until(lambda: delivered(his) == 5, sweep)
        wait_until(lambda: len(slow.requests) == 3 * PER_AGENCY)
        assert 3 * PER_AGENCY < POSTS
    sweep.finish()


@pytest.mark.django_db
def test_a_burst_is_sent_in_the_order_in_which_it_was_written(alice: Cast) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Reply:
        seen.append(request.json()["id"])
        return Reply(204)

    with Server(answer) as server:
        pinged(alice, server.origin, 3)
        rows = list(Delivery.objects.order_by("next_attempt_at"))
        assert [row.pk for row in deliveries.due_deliveries(2)] == [row.pk for row in rows[:2]]
        sweep = Sweep()
        until(lambda: Delivery.objects.filter(state="delivered").count() == 3, sweep)
        sweep.finish()
    assert set(seen) == {str(row.event_id) for row in rows}
