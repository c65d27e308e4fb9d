"""What the machine can be told when it starts, and what iacrea leaves undocumented."""

from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

WEEK_S = 7 * 24 * 3600.0


@dataclass(frozen=True)
class Settings:
    """One field for each flag of `add_arguments`."""

    host: str
    port: int
    state: Path
    photos: int
    faults: Path | None
    delay: float
    workers: int
    cost: int
    variation_cost: int
    free_variations: int
    webhook_on_failed: bool
    webhook_id: bool
    webhook_timeout: float
    charge_on_success: bool
    no_photos_code: int
    zone: str
    any_size: bool
    result_seconds: float

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self:
        return cls(**{field.name: options[field.name] for field in fields(cls)})

    def price_of_variation(self, earlier: int) -> int:
        """In photos, for a project that has had `earlier` variations."""
        return self.variation_cost if earlier >= self.free_variations else 0


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=_port, default=8001, help="0 picks a free one")
    add("--state", type=Path, default=Path("var/emulator"), help="folder of all that it remembers")
    add("--photos", type=_count, default=100, help="photos that a new account gets")
    add("--faults", type=Path, help="JSON file of fault rules, read again when it changes")
    add("--delay", type=_seconds, default=1.0, help="seconds that a job waits before its rendering")
    add("--workers", type=_at_least_one, default=2, help="jobs worked on at once")
    _add_undocumented(parser)


def _add_undocumented(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what iacrea does not document")
    add = group.add_argument
    add("--cost", type=_count, default=1, help="photos for a generation")
    add("--variation-cost", type=_count, default=0, help="photos for a variation")
    add("--free-variations", type=_count, default=0, help="of each project, before that cost")
    add("--webhook-on-failed", action=BooleanOptionalAction, default=True, help="call it on FAILED")
    add("--webhook-id", action=BooleanOptionalAction, default=False, help="with generation_id")
    add("--webhook-timeout", type=_seconds, default=10.0, help="seconds that its answer may take")
    add("--charge-on-success", action=BooleanOptionalAction, default=False, help="not before it")
    add("--no-photos-code", type=_count, default=402, help="status when no photos are left")
    add("--zone", choices=("white", "black"), default="white", help="what it is in a mask")
    add("--any-size", action=BooleanOptionalAction, default=False, help="sizes need not be equal")
    add("--result-seconds", type=_seconds, default=WEEK_S, help="life of a result's URL")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text}: expected a whole number, 0 or more")
    return int(text)


def _at_least_one(text: str) -> int:
    if _count(text) == 0:
        raise ArgumentTypeError("0: expected 1 or more")
    return int(text)


def _port(text: str) -> int:
    if _count(text) > 65535:
        raise ArgumentTypeError(f"{text}: expected a port from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text}: expected a number of seconds") from error
    # Written so that NaN is refused too.
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError(f"{text}: expected 0 seconds or more")
    return seconds
