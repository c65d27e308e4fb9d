"""What is played on a request or a job: an action and its options."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Fault:
    """Its options have their defaults, whatever the action."""

    call: str
    action: str
    code: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False
    seconds: float | None = None
    bytes: int | None = None
    size: int | None = None
    side: int = 20_000
    count: int = 2
    fields: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"
    refund: bool = True

    def seconds_or(self, default: float) -> float:
        return default if self.seconds is None else self.seconds


def fault_json(fault: Fault) -> str:
    """What differs from the defaults, for a row of the store."""
    plain = Fault(fault.call, fault.action)
    told = {name: value for name, value in vars(fault).items() if value != getattr(plain, name)}
    return json.dumps({"call": fault.call, "action": fault.action, **told})


def parse_fault(text: str) -> Fault:
    """A row of an older version also says which requests were meant."""
    names = {one.name for one in fields(Fault)}
    return Fault(**{name: value for name, value in json.loads(text).items() if name in names})
