"""Read a faults file: all of it is judged before any of it is used."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.emulator.faults.catalogue import (
    ACTIONS,
    CALLS,
    FILE,
    OPTIONS,
    SEQUENCE,
    SINGLE,
)
from integrations.emulator.faults.fault import Fault
from integrations.emulator.faults.rule import Rule


class FaultsError(Exception):
    """The faults file cannot be used; the text says which rule is wrong, and how."""


@dataclass(frozen=True)
class FaultsFile:
    rules: list[Rule]
    seed: int = 0
    picture: str = "drawn"


def parse_file(text: str) -> FaultsFile:
    """Raises `FaultsError`."""
    item = _json(text)
    if isinstance(item, list):
        item = {"rules": item}
    if not isinstance(item, dict) or not isinstance(item.get("rules"), list):
        raise FaultsError('must be a JSON list of rules, or an object with a list of "rules"')
    _judge("the file", item, FILE)
    rules = [_rule(f"rule {number}", rule) for number, rule in enumerate(item["rules"], start=1)]
    return FaultsFile(**{**item, "rules": rules})


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FaultsError(f"not JSON: {error}") from error


def _rule(where: str, item: Any) -> Rule:
    if not isinstance(item, dict):
        raise FaultsError(f"{where} must be an object")
    call = _one_of(where, item, "call", CALLS)
    when = {name: value for name, value in item.items() if name in (*SINGLE, *SEQUENCE)}
    _judge(where, when, SEQUENCE if "sequence" in item else SINGLE)
    rest = {name: value for name, value in item.items() if name not in ("call", *when)}
    steps = _steps(where, call, when, rest)
    return Rule(
        written=item,
        call=call,
        steps=steps,
        first=when.get("nth", 1),
        period=when.get("every", len(steps)),
        rounds=_rounds(when),
        rate=when.get("rate", 1),
        per_second=when.get("per_second"),
        younger_than=when.get("younger_than"),
        user_id=when.get("user_id"),
        room_type=when.get("room_type"),
    )


def _steps(
    where: str, call: str, when: Mapping[str, Any], rest: Mapping[str, Any]
) -> tuple[Fault | None, ...]:
    if "sequence" not in when:
        return (_fault(where, call, rest),)
    _judge(where, rest, ())
    return tuple(
        None if step is None else _fault(f"{where}, step {number}", call, step)
        for number, step in enumerate(when["sequence"], start=1)
    )


def _rounds(when: Mapping[str, Any]) -> float:
    """`nth` and a sequence are for once, unless the rule says more; anything else is for good."""
    if "times" in when:
        return int(when["times"])
    endless = when.get("repeat") or "every" in when
    return 1 if ("nth" in when or "sequence" in when) and not endless else math.inf


def _fault(where: str, call: str, item: Any) -> Fault:
    if not isinstance(item, dict):
        raise FaultsError(f"{where} must be an object, or null for no fault")
    fitting = tuple(name for name, action in ACTIONS.items() if call in action.calls)
    action = ACTIONS[_one_of(where, item, "action", fitting)]
    where = f'{where} ("{call}", "{item["action"]}")'
    _judge(where, item, ("action", *action.options))
    for name in action.required:
        if name not in item:
            raise FaultsError(f'{where}: "{name}" is missing')
    return Fault(call, **item)


def _one_of(where: str, item: Mapping[str, Any], name: str, values: tuple[str, ...]) -> str:
    value = item.get(name)
    if value not in values:
        wrong = f'{where}: "{name}" is {json.dumps(value)}'
        raise FaultsError(f"{wrong}, not one of {', '.join(values)}")
    return str(value)


def _judge(where: str, item: Mapping[str, Any], names: Iterable[str]) -> None:
    for name, value in item.items():
        if name not in names:
            raise FaultsError(f'{where}: it takes no "{name}"')
        if name in OPTIONS and not OPTIONS[name].accepts(value):
            raise FaultsError(f'{where}: "{name}" must be {OPTIONS[name].words}')
