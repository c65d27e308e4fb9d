"""Who may take the next step. A worker does one small thing at a time, and between two of them
anything may happen: it sleeps for an hour, it is killed, another does the same."""

from collections.abc import Iterator

from projects.choices import Status
from projects.transitions import LATE
from tests.model.world import FOREIGN, MAX_ATTEMPTS, NO_ID, Row, Rules, Thread, World, fire

Step = tuple[str, World]
S = Status
# How a send may end: taken by iacrea, proven not to have been, and what the worker saw.
ENDINGS = [
    (False, True, "T4"), (False, True, "T7"), (True, False, "T5"),
    (True, False, "unclear"), (False, False, "unclear"),
]  # fmt: skip


def begin(rules: Rules, world: World) -> Iterator[Thread]:
    """What the sweep, or a hint that may come twice, makes a worker begin."""
    row = world.row
    if row.status == S.QUEUED and row.ready and row.attempt < MAX_ATTEMPTS:
        yield Thread("submit", "open", (row.attempt,))
    if row.status == S.PROCESSING:
        yield Thread("poll", "get", (row.upstream_id, row.failed_mark))
    if row.status == S.UNCONFIRMED:
        for upstream_id in _candidates(rules, world):
            yield Thread("adopt", "get", (row.attempt, upstream_id))
    if row.status == S.FAILED and row.code in LATE:
        known = row.upstream_id or row.late_id
        for upstream_id in [known] if known else _candidates(rules, world):
            yield Thread("look", "get", (upstream_id,))
    for which, target in enumerate((row, *world.born)):
        if target.status == S.ARCHIVING:
            yield Thread("archive", "store", (which,))


def advance(rules: Rules, world: World, thread: Thread) -> Iterator[tuple[World, Thread | None]]:
    """The next small step of a worker, in each way that it may go."""
    match thread.program, thread.step:
        case "submit", "open":
            yield from _open(rules, world, *thread.memory)
        case "submit", "send":
            yield from _send(world, *thread.memory)
        case "submit", "record":
            yield _record(rules, world, *thread.memory), None
        case "poll", "conclude":
            yield _conclude(rules, world, *thread.memory), None
        case "archive", "store":
            yield _change(world, thread.memory[0], stored=True), thread._replace(step="succeed")
        case "archive", "succeed":
            which = thread.memory[0]
            yield _put(world, which, fire(rules, _rows(world)[which], "T12")), None
        case "adopt", "bind":
            yield _adopt(rules, world, *thread.memory), None
        case "look", "recover":
            yield _recover(rules, world, *thread.memory), None
        case program, "get":
            yield from _get(world, thread, program)


def _open(rules: Rules, world: World, seen: int) -> Iterator[tuple[World, Thread | None]]:
    number = seen + 1
    row = fire(rules, world.row, "T3", world.row.attempt == seen, attempt=number)
    if row is None:
        yield world, None
        return
    # A callback counts for the attempt whose token it came with.
    opened = world._replace(row=row, rung=frozenset())
    yield opened, Thread("submit", "send", (number,))


def _send(world: World, number: int) -> Iterator[tuple[World, Thread | None]]:
    for taken, proven, saw in ENDINGS:
        after = world._replace(unproven_sends=world.unproven_sends + (not proven))
        if taken:
            after = after._replace(jobs=_with_job(world.jobs, number, "R"))
        yield after, Thread("submit", "record", (number, saw))


def _record(rules: Rules, world: World, number: int, saw: str) -> World:
    name = rules.unclear if saw == "unclear" else saw
    known = {"upstream_id": number} if name == "T5" else {}
    row = fire(rules, world.row, name, world.row.attempt == number, **known)
    if row is None and saw == "T5" and not world.row.upstream_id:
        row = world.row._replace(late_id=number)
    return _put(world, 0, row)


def _get(world: World, thread: Thread, program: str) -> Iterator[tuple[World, Thread | None]]:
    """`get` answers what is so now; what the worker does with it comes later."""
    upstream_id = thread.memory[1 if program == "adopt" else 0]
    heard = "S" if upstream_id == FOREIGN else world.jobs[upstream_id]
    if heard == "F":
        world = world._replace(failed_reads=min(2, world.failed_reads + 1))
    if program == "poll":
        yield world, Thread("poll", "conclude", (thread.memory[1], heard))
    elif program == "adopt":
        yield world, thread._replace(step="bind")
    elif heard == "S":
        yield world, thread._replace(step="recover")


def _conclude(rules: Rules, world: World, mark: int, heard: str) -> World:
    row = world.row
    if heard == "S":
        return _put(world, 0, fire(rules, row, "T11"))
    if heard == "F" and (mark or rules.failed_reads == 1):
        return _put(world, 0, fire(rules, row, "T13", row.failed_mark == mark))
    if row.status != S.PROCESSING:
        return world
    if heard == "F" and world.marks < 2:
        marks = world.marks + 1
        return world._replace(marks=marks, row=row._replace(failed_mark=marks))
    running = {"failed_mark": 0, "started": True} if heard == "R" else {}
    return _change(world, 0, **running)


def _candidates(rules: Rules, world: World) -> Iterator[int]:
    """Ids of this attempt's callbacks that are nobody's, as far as is known."""
    for upstream_id in world.rung:
        own = upstream_id == world.row.attempt
        # When the other has its answer the id is bound, and refused.
        unsettled = upstream_id == FOREIGN and world.other_is_sending
        if own or (unsettled and not rules.waits_for_senders):
            yield upstream_id


def _adopt(rules: Rules, world: World, number: int, upstream_id: int) -> World:
    if upstream_id == FOREIGN and not world.other_is_sending:
        return world  # bound meanwhile: the unique constraint
    same = world.row.attempt == number
    return _put(world, 0, fire(rules, world.row, "T10", same, upstream_id=upstream_id))


def _recover(rules: Rules, world: World, upstream_id: int) -> World:
    row, recover = world.row, rules.table["T17"]
    once = not world.born or not rules.unique_recovery
    if row.status not in recover.sources or row.code not in LATE or not once:
        return world
    assert recover.bears is not None
    born = Row(recover.bears, price=rules.recovery_price, upstream_id=upstream_id, started=True)
    return world._replace(born=(*world.born, born), row=row._replace(upstream_id=NO_ID))


def _rows(world: World) -> tuple[Row, ...]:
    return (world.row, *world.born)


def _change(world: World, which: int, **changes: object) -> World:
    return _put(world, which, _rows(world)[which]._replace(**changes))  # type: ignore[arg-type]


def _put(world: World, which: int, row: Row | None) -> World:
    if row is None:
        return world
    if which == 0:
        return world._replace(row=row)
    born = [row if place == which else old for place, old in enumerate(world.born, 1)]
    return world._replace(born=tuple(born))


def _with_job(jobs: str, number: int, state: str) -> str:
    return jobs[:number] + state + jobs[number + 1 :]
