"""One rule of a faults file, judged in full before it is used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.emulator.faults.catalogue import ACTIONS, CALLS, EVERY_RULE, OPTIONS


class FaultsError(Exception):
    """The faults file cannot be used; the text says which rule is wrong, and how."""


@dataclass(frozen=True)
class Rule:
    """Fires for matching requests number `nth` to `nth + times - 1`."""

    call: str
    action: str
    nth: int | None = None
    times: int | None = None
    user_id: str | None = None
    room_type: str | None = None
    code: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False
    seconds: float | None = None
    bytes: int | None = None
    size: int | None = None
    count: int = 2
    fields: Mapping[str, Any] = field(default_factory=dict)

    def seconds_or(self, default: float) -> float:
        return default if self.seconds is None else self.seconds

    def concerns(self, call: str, user_id: str | None, room_type: str | None) -> bool:
        return (
            self.call == call
            and (self.user_id is None or self.user_id.lower() == (user_id or "").lower())
            and self.room_type in (None, room_type)
        )

    def fires_at(self, number: int) -> bool:
        """`nth` alone means that one; `times` alone means the first ones; neither means all."""
        first = self.nth or 1
        times = self.times or (1 if self.nth else None)
        return number >= first and (times is None or number < first + times)


def parse_rules(text: str) -> list[Rule]:
    """Raises `FaultsError`."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FaultsError(f"not JSON: {error}") from error
    if not isinstance(items, list):
        raise FaultsError("must be a JSON list of rules")
    return [_parsed(f"rule {number}", item) for number, item in enumerate(items, start=1)]


def parse_rule(text: str) -> Rule:
    """A rule that was accepted before."""
    return _parsed("rule", json.loads(text))


def rule_json(rule: Rule) -> str:
    """What differs from the defaults: a rule that `parse_rule` takes."""
    plain = Rule(rule.call, rule.action)
    told = {name: value for name, value in vars(rule).items() if value != getattr(plain, name)}
    return json.dumps({"call": rule.call, "action": rule.action, **told})


def _parsed(where: str, item: Any) -> Rule:
    if not isinstance(item, dict):
        raise FaultsError(f"{where} must be an object")
    call = _one_of(where, item, "call", CALLS)
    fitting = tuple(name for name, action in ACTIONS.items() if call in action.calls)
    action = _one_of(where, item, "action", fitting)
    _check_options(f'{where} ("{call}", "{action}")', item)
    return Rule(**item)


def _one_of(where: str, item: Mapping[str, Any], name: str, values: tuple[str, ...]) -> str:
    value = item.get(name)
    if value not in values:
        wrong = f'{where}: "{name}" is {json.dumps(value)}'
        raise FaultsError(f"{wrong}, not one of {', '.join(values)}")
    return str(value)


def _check_options(where: str, item: Mapping[str, Any]) -> None:
    action = ACTIONS[item["action"]]
    for name, value in item.items():
        if name not in (*EVERY_RULE, *action.options):
            raise FaultsError(f'{where}: it takes no "{name}"')
        if name in OPTIONS and not OPTIONS[name].accepts(value):
            raise FaultsError(f'{where}: "{name}" must be {OPTIONS[name].words}')
    for name in action.required:
        if name not in item:
            raise FaultsError(f'{where}: "{name}" is missing')
