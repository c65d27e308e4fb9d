"""Known mistakes, each as one thing wrong with the table or with an actor, and the promise that it
breaks."""

from dataclasses import replace

from projects.choices import Status
from projects.transitions import Effect
from tests.model.world import Rules

GOOD = Rules()


def with_row(name: str, **changes: object) -> Rules:
    """The table with one row changed."""
    row = replace(GOOD.table[name], **changes)  # type: ignore[arg-type]
    return replace(GOOD, table={**GOOD.table, name: row})


SENT_AGAIN = "sent again although the first may have been accepted"
TWICE = "more than one CAPTURE or RELEASE"
NOT_FREE = "a recovered generation is not free"
FAILED_ONCE = "given back before get said FAILED twice"

MUTANTS = {
    "retry on timeout": (replace(GOOD, unclear="T4"), SENT_AGAIN),
    "requeue on lease expiry": (with_row("T9", target=Status.QUEUED), SENT_AGAIN),
    "send again after a restore": (with_row("T20", target=Status.QUEUED), SENT_AGAIN),
    "save after HTTP without a re-check": (
        replace(GOOD, compares=False),
        "what has ended has changed",
    ),
    "late success charged": (replace(GOOD, recovery_price=1), NOT_FREE),
    "late success twice": (
        replace(GOOD, unique_recovery=False),
        "more than one recovered generation",
    ),
    "capture on answer": (
        with_row("T5", effect=Effect.CAPTURE),
        "the hold is gone before the end",
    ),
    "capture before the pictures are stored": (
        with_row("T11", target=Status.SUCCEEDED, effect=Effect.CAPTURE),
        "charged without pictures",
    ),
    "body believed": (replace(GOOD, believes_body=True), FAILED_ONCE),
    "a flicker gives back": (replace(GOOD, failed_reads=1), FAILED_ONCE),
    "no deadline": (
        with_row("T15", by_clock=False),
        "UNCONFIRMED has no exit by our own clock",
    ),
    "release without the unique index": (
        replace(GOOD, effect_after_move=False, unique_ending=False),
        TWICE,
    ),
    "end without a release": (with_row("T18", effect=Effect.NONE), "ended with an open hold"),
    "adopt while another is sent": (
        replace(GOOD, waits_for_senders=False),
        "one job was given another's id",
    ),
    "a poll that finds nothing doubts again": (
        with_row("T18", target=Status.UNCONFIRMED, effect=Effect.NONE, failure_code=""),
        "the status at the door went backwards",
    ),
}
