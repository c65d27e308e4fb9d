"""Walks through every history, and stops at the first in which a promise is broken."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from projects.choices import LIVE, TERMINAL, FailureCode, Status
from tests.model.actors import Step, advance, begin
from tests.model.surroundings import clock, happen
from tests.model.world import FOREIGN, NO_ID, Row, Rules, World, door

WORDS = ["STARTING", "PROCESSING"]
# There the ids of callbacks decide nothing any more: forgetting them leaves fewer worlds to visit.
HAS_NO_USE_FOR_A_RING = {Status.PROCESSING, Status.ARCHIVING, Status.SUCCEEDED, Status.CANCELED}


@dataclass
class Report:
    states: int = 0
    steps: int = 0
    statuses: set[Status] = field(default_factory=set)
    transitions: set[str] = field(default_factory=set)
    broken: str = ""
    history: list[str] = field(default_factory=list)


def check(rules: Rules, start: World | None = None) -> Report:
    first = start or World()
    came_from: dict[World, tuple[World, str] | None] = {first: None}
    report, waiting = Report(), deque([first])
    while waiting:
        world = waiting.popleft()
        report.statuses.add(world.row.status)
        for label, after in steps(rules, world):
            report.steps += 1
            report.transitions.add(label)
            if (seen := after in came_from) is False:
                came_from[after] = (world, label)
                waiting.append(after)
            report.broken = _broken_by_step(world, after) or (
                "" if seen else _broken_in(rules, after)
            )
            if report.broken:
                report.states, report.history = len(came_from), [*_history(came_from, world), label]
                return report
    report.states = len(came_from)
    return report


def steps(rules: Rules, world: World) -> Iterator[Step]:
    yield from happen(rules, world)
    for place, thread in enumerate(world.threads):
        # Two idle workers are alike.
        if thread is None and world.threads.index(None) == place:
            for begun in begin(rules, world):
                yield f"begin {begun.program}", _with_thread(world, place, begun)
        elif thread is not None:
            yield f"kill {thread.program}", _with_thread(world, place, None)
            for after, next_step in advance(rules, world, thread):
                label = f"{thread.program}.{thread.step}"
                yield label, _with_thread(after, place, next_step)


def _with_thread(world: World, place: int, thread: object) -> World:
    threads = [thread if at == place else other for at, other in enumerate(world.threads)]
    # Which worker does it makes no difference: the order is always the same.
    ordered = sorted(threads, key=lambda thread: thread or ())  # type: ignore[arg-type,return-value]
    world = world._replace(threads=tuple(ordered))  # type: ignore[arg-type]
    if world.row.status in HAS_NO_USE_FOR_A_RING and (world.rung or world.other_is_sending):
        return world._replace(rung=frozenset(), other_is_sending=False)
    return world


def _broken_by_step(before: World, after: World) -> str:
    old, new = before.row, after.row
    if old.status in TERMINAL and new.status != old.status:
        return "what has ended has changed"
    shown, shows = door(old), door(new)
    if shown != shows and (shown not in WORDS or WORDS.index(shown) > _rank(shows)):
        return "the status at the door went backwards"
    return ""


def _rank(word: str) -> int:
    return WORDS.index(word) if word in WORDS else len(WORDS)


def _broken_in(rules: Rules, world: World) -> str:
    row = world.row
    if row.captures + row.releases > 1:
        return "more than one CAPTURE or RELEASE"
    if row.status in TERMINAL and row.captures + row.releases != 1:
        return "ended with an open hold"
    if row.status in LIVE and row.captures + row.releases:
        return "the hold is gone before the end"
    if row.captures and not row.stored:
        return "charged without pictures"
    if world.unproven_sends > 1:
        return "sent again although the first may have been accepted"
    if row.code == FailureCode.GENERATION_FAILED and world.failed_reads < 2:
        return "given back before get said FAILED twice"
    return _broken_recovery(world) or _broken_identity(world) or _stuck(rules, world)


def _broken_recovery(world: World) -> str:
    if len(world.born) > 1:
        return "more than one recovered generation"
    if any(born.price or born.captures or born.releases for born in world.born):
        return "a recovered generation is not free"
    return ""


def _broken_identity(world: World) -> str:
    """Each upstream job is at most one generation's, and never somebody else's."""
    held = [row.upstream_id for row in (world.row, *world.born) if row.upstream_id != NO_ID]
    if FOREIGN in held:
        return "one job was given another's id"
    return "an id is bound twice" if len(held) != len(set(held)) else ""


def _stuck(rules: Rules, world: World) -> str:
    """Our clock alone ends it, whatever the others do."""
    return _stuck_rows(rules, world.row, world.born)


@lru_cache(100_000)
def _stuck_rows(rules: Rules, row: Row, born: tuple[Row, ...]) -> str:
    quiet = World(row, born)
    for _ in Status:
        if all(row.status in TERMINAL for row in (quiet.row, *quiet.born)):
            return ""
        quiet = next((after for _label, after in clock(rules, quiet)), quiet)
    return f"{_living(quiet).status} has no exit by our own clock"


def _living(world: World) -> Row:
    return next(row for row in (world.row, *world.born) if row.status in LIVE)


def _history(came_from: dict[World, tuple[World, str] | None], world: World) -> list[str]:
    labels: list[str] = []
    while (step := came_from[world]) is not None:
        world, label = step
        labels.insert(0, label)
    return labels
