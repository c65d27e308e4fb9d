"""The table of faults: each action, the calls it can spoil, and the options it takes."""

from collections.abc import Callable
from dataclasses import dataclass

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
    "reset": Action(ANSWERS, ("accepted",)),
    "hang": Action(ANSWERS, ("seconds", "accepted")),
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
    # How a job goes.
    "fail": Action(("job",)),
    "stuck": Action(("job",)),
    "flicker": Action(("job",), ("seconds",)),
    "relapse": Action(("job",), ("seconds",)),
    # How its end is told.
    "none": Action(("webhook",)),
    "twice": Action(("webhook",), ("count",)),
    "late": Action(("webhook",), ("seconds",), ("seconds",)),
    "early": Action(("webhook",)),
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


def _is_seconds(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Written so that NaN is refused too.
    return 0 <= value <= MOST_SECONDS


def _is_text_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


POSITIVE = Kind(_whole(1, 1_000_000), "a whole number, 1 or more")

OPTIONS = {
    # Of every rule.
    "nth": POSITIVE,
    "times": POSITIVE,
    "user_id": Kind(_is_text, "a string"),
    "room_type": Kind(_is_text, "a string"),
    # Of some actions.
    "code": Kind(_whole(200, 599), "a status from 200 to 599"),
    "body": Kind(lambda value: True, "anything"),
    "headers": Kind(_is_text_table, "an object of strings"),
    "accepted": Kind(lambda value: isinstance(value, bool), "true or false"),
    "seconds": Kind(_is_seconds, "a number of seconds"),
    "bytes": Kind(_whole(0, 1 << 30), "a number of bytes"),
    "size": Kind(_whole(0, 1 << 30), "a number of bytes"),
    "count": Kind(_whole(2, 10_000), "a whole number, 2 or more"),
    "fields": Kind(lambda value: isinstance(value, dict), "an object"),
}
EVERY_RULE = ("call", "action", "nth", "times", "user_id", "room_type")
