"""The transitions of a generation's life, as one table. docs/lifecycle.md gives the reasons.

The numbers are those of the design; the ledger effect of each is part of the same transaction.
"""

from dataclasses import dataclass, field
from enum import Enum

from projects.choices import FailureCode, Status


class Effect(Enum):
    """What a transition does to the photos that were held."""

    NONE = "-"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"


@dataclass(frozen=True)
class Transition:
    name: str
    sources: frozenset[Status]
    target: Status
    evidence: str
    effect: Effect = Effect.NONE
    failure_code: str = field(default="")


def _row(
    name: str,
    sources: set[Status],
    target: Status,
    evidence: str,
    effect: Effect = Effect.NONE,
    failure_code: str = "",
) -> Transition:
    return Transition(name, frozenset(sources), target, evidence, effect, failure_code)


S, E, F = Status, Effect, FailureCode
SENT = {S.SUBMITTING, S.UNCONFIRMED}

CANCEL = _row("T2", {S.QUEUED}, S.CANCELED, "the agency or staff asked", E.RELEASE, F.CANCELED)
GIVE_UP_QUEUED = _row(
    "T2b", {S.QUEUED}, S.FAILED, "not sent in 24 h", E.RELEASE, F.UPSTREAM_UNAVAILABLE
)
OPEN_ATTEMPT = _row("T3", {S.QUEUED}, S.SUBMITTING, "dispatcher, inputs ready")
REQUEUE = _row("T4", SENT, S.QUEUED, "proven not sent, 429, or the account's fault")
BIND = _row("T5", SENT, S.PROCESSING, "2xx with an id bound to nothing else")
REFUSE_INPUTS = _row(
    "T6", {S.QUEUED}, S.FAILED, "inputs unreachable or unusable", E.RELEASE, F.INVALID_INPUT
)
REFUSE_UPSTREAM = _row("T7", SENT, S.FAILED, "400, 404, 413, 415, 422", E.RELEASE, F.INVALID_INPUT)
DOUBT = _row("T8", {S.SUBMITTING}, S.UNCONFIRMED, "an unclear answer")
LOSE_LEASE = _row("T9", {S.SUBMITTING}, S.UNCONFIRMED, "the lease expired")
FOUND_RESULT = _row("T11", {S.PROCESSING}, S.ARCHIVING, "get says SUCCEEDED with a URL")
SUCCEED = _row("T12", {S.ARCHIVING}, S.SUCCEEDED, "pictures stored and read back", E.CAPTURE)
FAIL_UPSTREAM = _row(
    "T13", {S.PROCESSING}, S.FAILED, "get says FAILED twice", E.RELEASE, F.GENERATION_FAILED
)
LOSE_RESULT = _row(
    "T14", {S.ARCHIVING}, S.FAILED, "nothing archived in 6 h", E.RELEASE, F.RESULT_LOST
)
GIVE_UP_UNCONFIRMED = _row(
    "T15", {S.UNCONFIRMED}, S.FAILED, "no proof in 30 min", E.RELEASE, F.OUTCOME_UNKNOWN
)
TIME_OUT = _row("T18", {S.PROCESSING}, S.FAILED, "24 h without an end", E.RELEASE, F.TIMED_OUT)

ALL = [value for value in list(globals().values()) if isinstance(value, Transition)]
