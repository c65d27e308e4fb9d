"""How each fault of an answer is played: one small function for each action."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from integrations.emulator import jobs
from integrations.emulator.exchange import Exchange
from integrations.emulator.faults.rule import Rule
from integrations.emulator.messages import Reply, json_reply

HANG_S = 600.0
DRIP_S = 1.0
PAGE = "<!doctype html><title>Maintenance</title><h1>Nous revenons bientôt</h1>"

Play = Callable[[Exchange, Rule], None]
Edit = Callable[[Exchange, Rule, Reply, dict[str, Any]], dict[str, Any]]


def answer(exchange: Exchange, rule: Rule | None) -> None:
    """The real answer, or what the rule makes of it."""
    if rule is None:
        exchange.send(exchange.accept())
    else:
        PLAYS[rule.action](exchange, rule)


def _status(exchange: Exchange, rule: Rule) -> None:
    _accept_if_told(exchange, rule)
    body = {"message": f"Status {rule.code}."} if rule.body is None else rule.body
    if isinstance(body, str):
        exchange.send(Reply(rule.code, body.encode(), "text/html; charset=utf-8", rule.headers))
    else:
        exchange.send(json_reply(body, status=rule.code, headers=rule.headers))


def _garbage(exchange: Exchange, rule: Rule) -> None:
    """200 with anything; `size` repeats it up to so many bytes."""
    _accept_if_told(exchange, rule)
    content = str(PAGE if rule.body is None else rule.body).encode()
    if rule.size is not None:
        content = (content * (rule.size // max(1, len(content)) + 1))[: rule.size]
    exchange.send(Reply(200, content, "text/html; charset=utf-8"))


def _reset(exchange: Exchange, rule: Rule) -> None:
    _accept_if_told(exchange, rule)
    exchange.reset()


def _hang(exchange: Exchange, rule: Rule) -> None:
    _accept_if_told(exchange, rule)
    exchange.linger(rule.seconds_or(HANG_S))
    exchange.cut()


def _slow(exchange: Exchange, rule: Rule) -> None:
    reply = exchange.accept()
    time.sleep(rule.seconds_or(0))
    exchange.send(reply)


def _drip(exchange: Exchange, rule: Rule) -> None:
    reply = exchange.accept()
    exchange.send_head(reply)
    for byte in reply.content:
        exchange.write(bytes([byte]))
        time.sleep(rule.seconds_or(DRIP_S))


def _truncate(exchange: Exchange, rule: Rule) -> None:
    reply = exchange.accept()
    exchange.send_head(reply)
    kept = len(reply.content) // 2 if rule.bytes is None else rule.bytes
    exchange.write(reply.content[:kept])
    exchange.cut()


def _duplicate(exchange: Exchange, rule: Rule) -> None:
    """One request, two jobs: nobody ever hears of the first."""
    exchange.accept()
    exchange.send(exchange.accept())


def _accept_if_told(exchange: Exchange, rule: Rule) -> None:
    if rule.accepted:
        exchange.accept()


def _edited(edit: Edit) -> Play:
    """An action that changes the JSON of an answer; a refusal stays as it is."""

    def play(exchange: Exchange, rule: Rule) -> None:
        reply = exchange.accept()
        if reply.status == 200:
            body = edit(exchange, rule, reply, json.loads(reply.content))
            reply = replace(reply, content=json.dumps(body).encode())
        exchange.send(reply)

    return play


def _set(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, **rule.fields}


def _no_id(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "generation_id"}


def _same_id(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    """The id of the job before; the very first job has only its own."""
    with exchange.machine.store.transaction() as db:
        other = jobs.latest_but(db, reply.generation_id)
    return {**body, "generation_id": other or body["generation_id"]}


def _unknown(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    return {"status": "QUEUED_2", "variationNumber": body["variationNumber"]}


def _lower(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "status": body["status"].lower()}


def _no_urls(exchange: Exchange, rule: Rule, reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "urls": []} if "urls" in body else body


PLAYS: dict[str, Play] = {
    "status": _status,
    "garbage": _garbage,
    "reset": _reset,
    "hang": _hang,
    "slow": _slow,
    "drip": _drip,
    "truncate": _truncate,
    "duplicate": _duplicate,
    "set": _edited(_set),
    "no_id": _edited(_no_id),
    "same_id": _edited(_same_id),
    "unknown_status": _edited(_unknown),
    "lowercase_status": _edited(_lower),
    "empty_urls": _edited(_no_urls),
}
