"""One generation with all that surrounds it, small enough that every history can be walked through.

The product's own table (projects/transitions.py) says how the row moves; nothing of Django's
database is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from projects.choices import Status
from projects.transitions import ALL, Effect, Transition, public_word

# An id that is another generation's: its callback came through a leaked token.
FOREIGN = -1
NO_ID = 0
MAX_ATTEMPTS = 2
FLIPS = 2
S = Status


@dataclass(frozen=True, eq=False)
class Rules:
    """How the product does it. A mutant is a Rules with one thing wrong."""

    table: Mapping[str, Transition] = field(default_factory=lambda: {row.name: row for row in ALL})
    # What a submit's unclear ending fires.
    unclear: str = "T8"
    # The row is compared when it is set; an outcome of what was read before is dropped.
    compares: bool = True
    # The ledger is written only if the row was moved.
    effect_after_move: bool = True
    # CAPTURE or RELEASE, once for each hold, by the database.
    unique_ending: bool = True
    # A second generation, once and free.
    unique_recovery: bool = True
    recovery_price: int = 0
    # T10 waits for whoever was sending when the callback came.
    waits_for_senders: bool = True
    # A callback's body is a rumour.
    believes_body: bool = False
    failed_reads: int = 2


class Row(NamedTuple):
    """A generation. The id of a job of ours is the number of the attempt that made it."""

    status: Status = S.QUEUED
    code: str = ""
    price: int = 1
    captures: int = 0
    releases: int = 0
    ready: bool = False
    attempt: int = 0
    upstream_id: int = NO_ID
    late_id: int = NO_ID
    started: bool = False
    failed_mark: int = 0
    stored: bool = False


class Thread(NamedTuple):
    """A worker in the middle of something, with what it read at its beginning."""

    program: str
    step: str
    memory: tuple[Any, ...]


class World(NamedTuple):
    row: Row = Row()
    born: tuple[Row, ...] = ()
    # iacrea: a job for each attempt: not there, Running, Succeeded or Failed.
    jobs: str = "-" * (MAX_ATTEMPTS + 1)
    flips: int = FLIPS
    rung: frozenset[int] = frozenset()
    other_is_sending: bool = True
    # What happened, for the invariants.
    unproven_sends: int = 0
    failed_reads: int = 0
    marks: int = 0
    threads: tuple[Thread | None, ...] = (None, None)


def fire(rules: Rules, row: Row, name: str, where: bool = True, **changes: Any) -> Row | None:
    """As lifecycle._fire: None when the row is not as it was, or the database refuses."""
    transition = rules.table[name]
    matches = where and row.status in transition.sources
    if not matches and rules.compares and rules.effect_after_move:
        return None
    paid = _pay(rules, row, transition)
    if paid is None or not (matches or not rules.compares):
        return paid
    if transition.failure_code:
        changes["code"] = str(transition.failure_code)
    return paid._replace(status=transition.target or paid.status, **changes)


def _pay(rules: Rules, row: Row, transition: Transition) -> Row | None:
    if not row.price or transition.effect in (Effect.NONE, Effect.HOLD):
        return row
    if rules.unique_ending and row.captures + row.releases:
        return None
    if transition.effect is Effect.CAPTURE:
        return row._replace(captures=row.captures + 1)
    return row._replace(releases=row.releases + 1)


def door(row: Row) -> str:
    return public_word(row.status, row.started)
