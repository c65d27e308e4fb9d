"""The transitions of a generation's life, as one table. docs/lifecycle.md gives the reasons, and
its drawing is made from here (`python -m deploy.transitions`); tests/model explores every way.

The numbers are those of the design. The effect on the ledger is part of the same transaction.
"""

from dataclasses import dataclass
from enum import Enum

from projects.choices import TERMINAL, FailureCode, Status


class Effect(Enum):
    """What a transition does to the photos that the job costs."""

    NONE = "-"
    HOLD = "HOLD"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"


@dataclass(frozen=True)
class Transition:
    """Without a target the status stays. `by_clock`: our own clock is evidence enough. `bears` is
    the status of a second, free generation."""

    name: str
    sources: frozenset[Status]
    target: Status | None
    evidence: str
    effect: Effect = Effect.NONE
    failure_code: str = ""
    by_clock: bool = False
    bears: Status | None = None


def _row(
    name: str,
    sources: set[Status] | frozenset[Status],
    target: Status | None,
    evidence: str,
    effect: Effect = Effect.NONE,
    failure_code: str = "",
    *,
    by_clock: bool = False,
    bears: Status | None = None,
) -> Transition:
    return Transition(
        name, frozenset(sources), target, evidence, effect, failure_code, by_clock, bears
    )


S, E, F = Status, Effect, FailureCode
NEW: frozenset[Status] = frozenset()
SENT = {S.SUBMITTING, S.UNCONFIRMED}

# fmt: off
ACCEPT = _row("T1", NEW, S.QUEUED, "well formed, and its photos are available", E.HOLD)
MARK_READY = _row("T1b", {S.QUEUED}, None, "a worker has fetched and checked the inputs")
CANCEL = _row("T2", {S.QUEUED}, S.CANCELED, "the agency or staff asked", E.RELEASE, F.CANCELED)
GIVE_UP_QUEUED = _row("T2b", {S.QUEUED}, S.FAILED, "not sent in 24 h",
                      E.RELEASE, F.UPSTREAM_UNAVAILABLE, by_clock=True)
OPEN_ATTEMPT = _row("T3", {S.QUEUED}, S.SUBMITTING, "dispatcher, inputs ready")
REQUEUE = _row("T4", SENT, S.QUEUED, "proven not sent, 429, or the account's fault")
BIND = _row("T5", SENT, S.PROCESSING, "2xx with an id bound to nothing else")
REFUSE_INPUTS = _row("T6", {S.QUEUED}, S.FAILED, "inputs unreachable or unusable",
                     E.RELEASE, F.INVALID_INPUT)
REFUSE_UPSTREAM = _row("T7", SENT, S.FAILED, "400, 404, 413, 415, 422", E.RELEASE, F.INVALID_INPUT)
DOUBT = _row("T8", {S.SUBMITTING}, S.UNCONFIRMED, "an unclear answer")
LOSE_LEASE = _row("T9", {S.SUBMITTING}, S.UNCONFIRMED, "the lease expired", by_clock=True)
ADOPT = _row("T10", {S.UNCONFIRMED}, S.PROCESSING,
             "an id of a callback, or of staff, that get knows, unbound")
FOUND_RESULT = _row("T11", {S.PROCESSING}, S.ARCHIVING, "get says SUCCEEDED with a URL")
SUCCEED = _row("T12", {S.ARCHIVING}, S.SUCCEEDED, "pictures stored and read back", E.CAPTURE)
FAIL_UPSTREAM = _row("T13", {S.PROCESSING}, S.FAILED, "get says FAILED twice, 5 s apart",
                     E.RELEASE, F.GENERATION_FAILED)
LOSE_RESULT = _row("T14", {S.ARCHIVING}, S.FAILED, "nothing archived in 6 h",
                   E.RELEASE, F.RESULT_LOST, by_clock=True)
GIVE_UP_UNCONFIRMED = _row("T15", {S.UNCONFIRMED}, S.FAILED, "no proof in 30 min",
                           E.RELEASE, F.OUTCOME_UNKNOWN, by_clock=True)
RECOVER = _row("T17", {S.FAILED}, None, "late success of an unclear or timed out job",
               bears=S.ARCHIVING)
TIME_OUT = _row("T18", {S.PROCESSING}, S.FAILED, "24 h without an end",
                E.RELEASE, F.TIMED_OUT, by_clock=True)
CONTRADICT = _row("T19", TERMINAL, None, "get says otherwise later: told, and no more")
RESTORE = _row("T20", {S.QUEUED, S.SUBMITTING}, S.UNCONFIRMED, "restored from a backup")
TAKE_OVER = _row("T21", NEW, S.ARCHIVING, "get says SUCCEEDED of a job made before the agency came")
# fmt: on

ALL = [value for value in list(globals().values()) if isinstance(value, Transition)]
# Endings after which iacrea may have taken a photo for nothing: support sees each, T17 mends two.
LATE = frozenset({F.OUTCOME_UNKNOWN, F.TIMED_OUT})
DISCREPANT = LATE | {F.RESULT_LOST}


def public_word(status: Status, upstream_started: bool) -> str:
    """What both HTTP doors show; iacrea's own end is never shown before ours."""
    if status == Status.PROCESSING:
        return "PROCESSING" if upstream_started else "STARTING"
    return {
        Status.ARCHIVING: "PROCESSING",
        Status.SUCCEEDED: "SUCCEEDED",
        Status.FAILED: "FAILED",
        Status.CANCELED: "FAILED",
    }.get(status, "STARTING")
