"""Variations at the drop-in door: of what, of how many, and what is never fetched for them."""

from typing import Any

import pytest

from projects import lifecycle
from projects.models import Generation
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.contract.caller import Wire
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, balances, use_upstream
from tests.projects.upstream import Upstream
from tests.servers import serving
from tests.worker import run_queued

pytestmark = pytest.mark.django_db


def made(wire: Wire, parent: Generation, upstream_id: str) -> Generation:
    """A variation that iacrea has taken."""
    status, answer = wire.vary(parent)
    assert status == 200, answer
    job = Generation.objects.get(pk=answer["generation_id"])
    attempt = lifecycle.open_attempt(job, job.pk.hex * 2)
    assert attempt and lifecycle.bind(attempt, upstream_id, {})
    return again(job)


def succeeded(job: Generation) -> Generation:
    assert lifecycle.found_result(job, ["http://127.0.0.1:1/1.png"])
    keep(again(job), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(job))
    return again(job)


def test_variation_number_counts_what_succeeded_of_the_same_root(alice: Cast) -> None:
    wire, root = Wire(alice), succeeded_generation(alice)
    first = succeeded(made(wire, root, "up-1"))
    second = succeeded(made(wire, first, "up-2"))
    failed, running = made(wire, root, "up-3"), made(wire, second, "up-4")
    assert lifecycle.fail_upstream(failed)
    for job in (root, first, second, failed, running):
        assert wire.get(job)["variationNumber"] == 2


def test_of_a_variation_iacrea_is_told_its_parent(alice: Cast) -> None:
    """Not the root: the next picture begins where the caller is."""
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        wire, root = Wire(alice), succeeded_generation(alice)
        between = succeeded(made(wire, root, "up-between"))
        status, _answer = wire.vary(between)
        run_queued()
    sent = [each.json() for each in upstream.requests if each.path.endswith("-variation")]
    assert status == 200 and [each["generation_id"] for each in sent] == ["up-between"]


def test_original_url_is_never_fetched(alice: Cast) -> None:
    with serving({"/photo.jpg": photo_bytes()}) as files, Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        parent = succeeded_generation(alice)
        Wire(alice).vary(parent, original_url=f"{files.origin}/photo.jpg")
        run_queued()
        assert files.requests == []
    (sent,) = [each.json() for each in upstream.requests if each.path.endswith("-variation")]
    assert parent.photo and parent.photo.token in sent["original_url"]


def failed(cast: Cast) -> Generation:
    job = processing_generation(cast)
    assert lifecycle.fail_upstream(job)
    return job


def erased(cast: Cast) -> Generation:
    job = succeeded_generation(cast)
    Generation.objects.filter(pk=job.pk).update(erased_at=job.created_at)
    return job


@pytest.mark.parametrize(
    ("source", "status", "code"),
    [
        (failed, 409, "source_not_ready"),
        (processing_generation, 409, "source_not_ready"),
        (queued_generation, 409, "source_not_ready"),
        (erased, 410, "source_gone"),
    ],
)
def test_of_what_is_no_source_nothing_is_charged(
    alice: Cast, source: Any, status: int, code: str
) -> None:
    parent = source(alice)
    before = balances(alice)
    found, answer = Wire(alice).vary(parent)
    assert (found, answer["code"]) == (status, code)
    assert balances(alice) == before and Generation.objects.count() == 1


def test_without_an_emulator_there_is_no_variation_in_test_mode(alice: Cast, settings: Any) -> None:
    parent = succeeded_generation(alice)
    builtin = alice.agency.iacrea_accounts.get(built_in=True)
    Generation.objects.update(mode="test", account=builtin)
    settings.EMULATOR_URL = None
    status, answer = Wire(alice, alice.test_api_key).vary(parent)
    assert (status, answer["code"]) == (503, "test_mode_unavailable")
    assert Generation.objects.count() == 1
