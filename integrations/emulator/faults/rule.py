"""Which requests a rule of the faults file spoils, and by what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.emulator.faults.fault import Fault


@dataclass(frozen=True)
class Subject:
    """What a request is about, as far as it can be told."""

    call: str
    user_id: str | None
    room_type: str | None
    age: float | None = None  # seconds since its job was accepted
    simulate: str | None = None  # the ending that its client asked for


@dataclass(frozen=True)
class Rule:
    """Which requests are spoiled: from number `first` on, by one of `steps` after the other.

    A period begins with the steps and ends without a fault; there are `rounds` of it.
    """

    written: Mapping[str, Any]
    call: str
    steps: tuple[Fault | None, ...]
    first: int
    period: int
    rounds: float
    rate: float
    per_second: int | None
    younger_than: float | None
    user_id: str | None
    room_type: str | None

    def concerns(self, subject: Subject) -> bool:
        return (
            self.call == subject.call
            and self.room_type in (None, subject.room_type)
            and (self.user_id is None or self.user_id.lower() == (subject.user_id or "").lower())
            and (self.younger_than is None or _is_younger(subject.age, self.younger_than))
        )

    def fault_at(self, number: int) -> Fault | None:
        turn, step = divmod(number - self.first, self.period)
        return self.steps[step] if 0 <= turn < self.rounds and step < len(self.steps) else None


def _is_younger(age: float | None, seconds: float) -> bool:
    return age is not None and age < seconds
