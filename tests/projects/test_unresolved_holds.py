"""The ledger's fifth constraint, in the transition itself: what ends leaves no photo held."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.choices import Mode
from accounts.quota import hold_photos
from projects import lifecycle
from projects.effects import HoldWithoutEnd
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import again, archiving_generation, backdate, balances, entries
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
Step = Callable[..., Any]
ENDS: dict[str, tuple[Step, Step]] = {
    "T2": (queued_generation, partial(lifecycle.cancel, actor_id="alice")),
    "T6": (queued_generation, partial(lifecycle.refuse_inputs, detail="image_unreachable")),
    "T12": (archiving_generation, lifecycle.succeed),
    "T13": (processing_generation, lifecycle.fail_upstream),
    "T18": (processing_generation, lifecycle.expire),
}


def hold_elsewhere(job: Generation) -> None:
    """A hold that the job's own mode does not see, so that no end of it resolves it."""
    hold_photos(agency_id=job.agency_id, mode=Mode.TEST, generation_id=job.pk, photos=1)


@pytest.mark.parametrize("name", ENDS)
def test_an_end_that_would_leave_one_is_undone(alice: Cast, name: str) -> None:
    make, end = ENDS[name]
    job = make(alice)
    hold_elsewhere(job)
    before = (again(job).status, balances(alice), entries(job), job.events.count())
    with pytest.raises(HoldWithoutEnd, match=str(job.pk)):
        end(job)
    assert (again(job).status, balances(alice), entries(job), job.events.count()) == before


def test_the_sweep_tells_it_and_goes_on(alice: Cast, caplog: Any) -> None:
    broken, sound = (processing_generation(alice, name) for name in ("up-1", "up-2"))
    hold_elsewhere(broken)
    for job in (broken, sound):
        backdate(job, 24 * 3600, "status_since", "due_at")
    sweep_once()
    assert again(sound).is_terminal and not again(broken).is_terminal
    assert f"HoldWithoutEnd: {broken.pk}" in caplog.text
