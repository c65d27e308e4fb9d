"""What happens without a worker of ours: the clock, the customer, iacrea and its callbacks."""

from collections.abc import Iterator

from projects.choices import Status
from tests.model.actors import Step, _put, _rows, _with_job
from tests.model.world import FOREIGN, Rules, World, fire

S = Status
FIRST_WORDS = {"R": "SF"}
# A word taken back: a flicker, a relapse, a late success.
SECOND_THOUGHTS = {"F": "RS", "S": "F"}


def happen(rules: Rules, world: World) -> Iterator[Step]:
    yield from clock(rules, world)
    yield from _customer(rules, world)
    yield from _iacrea(world)
    yield from _callbacks(rules, world)
    if world.other_is_sending:
        settled = world._replace(other_is_sending=False, rung=world.rung - {FOREIGN})
        yield "the other job gets its id", settled


def clock(rules: Rules, world: World) -> Iterator[Step]:
    """Any deadline may have passed: how long anything takes is not known."""
    for which, row in enumerate(_rows(world)):
        for transition in rules.table.values():
            if transition.by_clock and row.status in transition.sources:
                yield transition.name, _put(world, which, fire(rules, row, transition.name))


def _customer(rules: Rules, world: World) -> Iterator[Step]:
    row = world.row
    if row.status == S.QUEUED:
        yield "T2", _put(world, 0, fire(rules, row, "T2"))
        if not row.ready:
            yield "T1b", world._replace(row=row._replace(ready=True))
            yield "T6", _put(world, 0, fire(rules, row, "T6"))
    if row.status in (S.QUEUED, S.SUBMITTING) and not any(world.threads):
        yield from _restore(rules, world)


def _restore(rules: Rules, world: World) -> Iterator[Step]:
    """A backup of before the send: that it was sent is not known here any more."""
    if row := fire(rules, world.row, "T20"):
        yield "T20", world._replace(row=row, unproven_sends=max(1, world.unproven_sends))


def _iacrea(world: World) -> Iterator[Step]:
    for number, state in enumerate(world.jobs):
        for word in FIRST_WORDS.get(state, ""):
            yield f"job {number} {word}", world._replace(jobs=_with_job(world.jobs, number, word))
        for word in SECOND_THOUGHTS.get(state, "") if world.flips else "":
            after = world._replace(jobs=_with_job(world.jobs, number, word), flips=world.flips - 1)
            yield f"job {number} flips to {word}", after


def _callbacks(rules: Rules, world: World) -> Iterator[Step]:
    """Early, late, twice: what counts is which ids came. And one forged through a leaked token,
    which counts while its owner is still being sent: later it is bound, and refused."""
    number = world.row.attempt
    named = [number] if number and world.jobs[number] != "-" else []
    forged = [FOREIGN] if number and world.other_is_sending else []
    for upstream_id in {*named, *forged} - world.rung:
        yield f"ring {upstream_id}", world._replace(rung=world.rung | {upstream_id})
    if rules.believes_body and world.row.attempt:
        yield "body FAILED", _put(world, 0, fire(rules, world.row, "T13"))
