"""The table of faults: each action, the calls it can spoil, and the options it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

SUBMITS = ("generate", "variation")
JSON_CALLS = (*SUBMITS, "get", "credit")
ANSWERS = (*JSON_CALLS, "result")
CALLS = (*ANSWERS, "job", "webhook")
MOST_SECONDS = 1_000_000


@dataclass(frozen=True)
class Action:
    calls: tuple[str, ...]
    options: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


ACTIONS = {
    # Instead of the answer; with `accepted` the work is done all the same.
    "status": Action(ANSWERS, ("code", "body", "headers", "accepted"), ("code",)),
    "garbage": Action(ANSWERS, ("body", "size", "accepted")),
    "reset": Action(ANSWERS, ("accepted", "bytes")),
    "hang": Action(ANSWERS, ("seconds", "accepted")),
    "bomb": Action(("result",), ("side",)),
    # The real answer, badly sent.
    "slow": Action((*ANSWERS, "job"), ("seconds",), ("seconds",)),
    "drip": Action(ANSWERS, ("seconds",)),
    "truncate": Action(ANSWERS, ("bytes",)),
    # The real answer, with another content.
    "set": Action((*JSON_CALLS, "webhook"), ("fields",), ("fields",)),
    "no_id": Action(SUBMITS),
    "same_id": Action(SUBMITS),
    "duplicate": Action(SUBMITS),
    "unknown_status": Action(("get",)),
    "lowercase_status": Action(("get",)),
    "empty_urls": Action(("get",)),
    "more_urls": Action(("get",), ("count",)),
    "other_job": Action(("get",)),
    # How a job goes.
    "fail": Action(("job",), ("refund", "seconds")),
    "stuck": Action(("job",)),
    "flicker": Action(("job",), ("seconds",)),
    "relapse": Action(("job",), ("seconds",)),
    "window": Action(("job",)),
    # How its end is told.
    "none": Action(("webhook",)),
    "twice": Action(("webhook",), ("count",)),
    "late": Action(("webhook",), ("seconds",), ("seconds",)),
    "early": Action(("webhook",)),
    "retry": Action(("webhook",), ("count", "seconds")),
    "send": Action(("webhook",), ("method", "headers", "body")),
}


@dataclass(frozen=True)
class Kind:
    """What a value must be, in code and in words."""

    accepts: Callable[[object], bool]
    words: str


# JSON's true is an int to Python, hence `bool` below.
def _whole(low: int, high: int) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return accepts


def _is_seconds(value: object) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Written so that NaN is refused too.
    return 0 <= value <= MOST_SECONDS


def _is_text_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_rate(value: object) -> bool:
    return _is_seconds(value) and 0 < value <= 1


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) > 0


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


TEXT = Kind(_is_text, "a string")
FLAG = Kind(_is_flag, "true or false")
SECONDS = Kind(_is_seconds, "a number of seconds")
POSITIVE = Kind(_whole(1, 1_000_000), "a whole number, 1 or more")
SEVERAL = Kind(_whole(2, 1_000_000), "a whole number, 2 or more")
SIZE = Kind(_whole(0, 1 << 30), "a number of bytes")

OPTIONS = {
    # Of the file.
    "seed": Kind(_whole(0, 1 << 62), "a whole number"),
    "picture": Kind(lambda value: value in ("drawn", "canned"), '"drawn" or "canned"'),
    # Of every rule.
    "nth": POSITIVE,
    "times": POSITIVE,
    "every": SEVERAL,
    "rate": Kind(_is_rate, "a number above 0, at most 1"),
    "per_second": POSITIVE,
    "younger_than": SECONDS,
    "user_id": TEXT,
    "room_type": TEXT,
    # Of a sequence.
    "sequence": Kind(_is_list, "a list with something in it"),
    "repeat": FLAG,
    # Of some actions.
    "code": Kind(_whole(200, 599), "a status from 200 to 599"),
    "body": Kind(lambda value: True, "anything"),
    "headers": Kind(_is_text_table, "an object of strings"),
    "accepted": FLAG,
    "seconds": SECONDS,
    "bytes": SIZE,
    "size": SIZE,
    "side": Kind(_whole(1, 100_000), "a number of pixels"),
    "count": Kind(_whole(2, 10_000), "a whole number, 2 or more"),
    "fields": Kind(lambda value: isinstance(value, dict), "an object"),
    "method": TEXT,
    "refund": FLAG,
}
FILE = ("seed", "picture", "rules")
NARROWING = ("nth", "times", "rate", "per_second", "younger_than", "user_id", "room_type")
SINGLE = ("every", *NARROWING)
SEQUENCE = ("sequence", "repeat", *NARROWING)
