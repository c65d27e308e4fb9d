"""C61: a link that leads to no picture is not tried for ever: iacrea is asked for another one."""

from collections.abc import Callable
from typing import Any

import pytest

from projects import lifecycle, tasks
from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation
from tests.projects.jobs import (
    again,
    archiving_generation,
    backdate,
    balances,
    ended_as,
    use_upstream,
    waits_uncharged,
)
from tests.projects.test_strange_answers import alerts
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
PICTURE = photo_bytes((400, 300), "PNG")
DEAD = [
    Reply(403), Reply(404), Reply(410), Reply(body=b"<html>expired</html>"),
    Reply(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Reply(body=bytes(65 * 2**20)),
    Reply(302, headers={"location": "http://169.254.169.254/latest"}),
]  # fmt: skip
ALIVE = [Reply(500), Reply(503), Reply(429), Reply(reset=True)]
OLD, FRESH = "/old.png", "/fresh.png"


class Upstream(Server):
    """Has lost what is behind the old link; `get` says whatever the test wants."""

    def __init__(self, old: Reply, get: Callable[[str], Reply]) -> None:
        self.old, self.get = old, get
        super().__init__(self._answer)

    @property
    def paths(self) -> list[str]:
        return [request.path.rsplit("/", 1)[1] for request in self.requests]

    def _answer(self, request: Request) -> Reply:
        if request.path.endswith("/get"):
            return self.get(self.origin)
        return Reply(body=PICTURE) if request.path == FRESH else self.old


def named(path: str) -> Callable[[str], Reply]:
    return lambda origin: Reply.json({"status": "SUCCEEDED", "urls": [origin + path]})


def lost(cast: Cast, server: Upstream) -> Generation:
    """A job whose link has led nowhere, once."""
    use_upstream(cast, server.origin)
    job = archiving_generation(cast, server.origin + OLD)
    tasks.archive_generation(str(job.pk))
    assert waits_uncharged(again(job)) and server.paths == ["old.png"]
    sweep_once()
    assert server.paths == ["old.png"], "neither is asked before its time"
    return again(job)


def next_try(job: Generation) -> Generation:
    """Five minutes later, the longest pause, the workers and the sweep do what is due."""
    backdate(job, 301, "due_at")
    for _ in range(2):
        sweep_once()
        run_queued()
    return again(job)


@pytest.mark.parametrize("old", DEAD, ids=lambda r: f"{r.status} {r.body[:6]!r}")
def test_a_fresh_link_is_asked_for(alice: Cast, old: Reply) -> None:
    with Upstream(old, named(FRESH)) as server:
        job = next_try(lost(alice, server))
        assert server.paths == ["old.png", "get", "fresh.png"]
    assert job.status == Status.SUCCEEDED and balances(alice) == (9, 0, 1)


@pytest.mark.parametrize("old", ALIVE, ids=lambda r: f"{r.status} {r.reset}")
def test_a_link_that_may_work_later_is_kept(alice: Cast, old: Reply) -> None:
    with Upstream(old, named(FRESH)) as server:
        job = lost(alice, server)
        server.old = Reply(body=PICTURE)
        assert next_try(job).status == Status.SUCCEEDED
        assert server.paths == ["old.png", "old.png"]


@pytest.mark.parametrize(
    "get",
    [
        lambda _origin: Reply(500),
        lambda _origin: Reply(reset=True),
        lambda _origin: Reply.json({"status": "FAILED"}),
        lambda _origin: Reply.json({"status": "SUCCEEDED", "urls": []}),
        lambda _origin: Reply.json({"status": "PROCESSING", "urls": ["http://127.0.0.1:1/1"]}),
        named(OLD),
    ],
    ids=["500", "reset", "failed", "no link", "processing", "the same"],
)
def test_without_another_link_the_old_one_is_tried_until_the_end(
    alice: Cast, caplog: Any, get: Callable[[str], Reply]
) -> None:
    with Upstream(Reply(404), get) as server:
        job = lost(alice, server)
        for _ in range(2):
            job = next_try(job)
        assert server.paths == ["old.png", *["get", "old.png"] * 2], "one get for each try"
        assert job.status == Status.ARCHIVING and alerts(caplog, "archive_delayed") == 0
        backdate(job, 301, "status_since")
        for _ in range(2):
            job = next_try(job)
        assert alerts(caplog, "archive_delayed") == 1 and balances(alice) == (9, 1, 0)
        backdate(job, 6 * 3600, "status_since", "due_at")
        sweep_once()
    assert ended_as(job, "result_lost") and balances(alice) == (10, 0, 0)


def test_it_is_asked_for_within_the_budget(alice: Cast) -> None:
    with Upstream(Reply(404), lambda _origin: Reply(429, headers={"retry-after": "60"})) as server:
        job = lost(alice, server)
        account = use_upstream(alice, server.origin)
        job = next_try(job)
        assert server.paths == ["old.png", "get", "old.png"]
        server.get = named(FRESH)
        assert next_try(job).status == Status.ARCHIVING and server.paths.count("get") == 1
        backdate(account, 61, "gets_wait_until")
        assert next_try(job).status == Status.SUCCEEDED and server.paths.count("get") == 2


def test_a_late_success_gets_one_too(alice: Cast) -> None:
    """T17: the second generation, which is free, holds the upstream id."""
    with Upstream(Reply(404), named(FRESH)) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        assert lifecycle.expire(job)
        late = lifecycle.recover(again(job), job.upstream_id, [server.origin + OLD])
        assert late
        tasks.archive_generation(str(late.pk))
        assert next_try(late).status == Status.SUCCEEDED
    assert ended_as(job, "timed_out") and balances(alice) == (10, 0, 0)
