"""How each fault of an answer is played: one small function for each action."""

import json
import time
from collections.abc import Callable
from dataclasses import replace

from integrations.emulator.canned import bomb
from integrations.emulator.edits import EDITS, Edit
from integrations.emulator.exchange import Exchange
from integrations.emulator.faults.fault import Fault
from integrations.emulator.messages import Reply, json_reply

HANG_S = 600.0
DRIP_S = 1.0
PAGE = "<!doctype html><title>Maintenance</title><h1>Nous revenons bientôt</h1>"

Play = Callable[[Exchange, Fault], None]


def answer(exchange: Exchange, fault: Fault | None) -> None:
    """The real answer, or what a fault makes of it."""
    if fault is None:
        exchange.send(exchange.accept())
    else:
        PLAYS[fault.action](exchange, fault)


def _status(exchange: Exchange, fault: Fault) -> None:
    _accept_if_told(exchange, fault)
    body = {"message": f"Status {fault.code}."} if fault.body is None else fault.body
    if isinstance(body, str):
        exchange.send(Reply(fault.code, body.encode(), "text/html; charset=utf-8", fault.headers))
    else:
        exchange.send(json_reply(body, status=fault.code, headers=fault.headers))


def _garbage(exchange: Exchange, fault: Fault) -> None:
    """200 with anything; `size` repeats it up to so many bytes."""
    _accept_if_told(exchange, fault)
    content = str(PAGE if fault.body is None else fault.body).encode()
    if fault.size is not None:
        content = (content * (fault.size // max(1, len(content)) + 1))[: fault.size]
    exchange.send(Reply(200, content, "text/html; charset=utf-8"))


def _reset(exchange: Exchange, fault: Fault) -> None:
    """With `bytes`, only after so many of the real answer."""
    if fault.bytes is None:
        _accept_if_told(exchange, fault)
    else:
        _begin(exchange, fault.bytes)
    exchange.reset()


def _hang(exchange: Exchange, fault: Fault) -> None:
    _accept_if_told(exchange, fault)
    exchange.linger(fault.seconds_or(HANG_S))
    exchange.cut()


def _bomb(exchange: Exchange, fault: Fault) -> None:
    exchange.send(Reply(200, bomb(fault.side), "image/png"))


def _slow(exchange: Exchange, fault: Fault) -> None:
    reply = exchange.accept()
    time.sleep(fault.seconds_or(0))
    exchange.send(reply)


def _drip(exchange: Exchange, fault: Fault) -> None:
    reply = exchange.accept()
    exchange.send_head(reply)
    for byte in reply.content:
        exchange.write(bytes([byte]))
        time.sleep(fault.seconds_or(DRIP_S))


def _truncate(exchange: Exchange, fault: Fault) -> None:
    _begin(exchange, fault.bytes)
    exchange.cut()


def _begin(exchange: Exchange, count: int | None) -> None:
    """The head of the real answer, and so many bytes of it, or half."""
    reply = exchange.accept()
    exchange.send_head(reply)
    exchange.write(reply.content[: len(reply.content) // 2 if count is None else count])


def _duplicate(exchange: Exchange, fault: Fault) -> None:
    """One request, two jobs: nobody ever hears of the first."""
    exchange.accept()
    exchange.send(exchange.accept())


def _accept_if_told(exchange: Exchange, fault: Fault) -> None:
    if fault.accepted:
        exchange.accept()


def _edited(edit: Edit) -> Play:
    """An action that changes the JSON of an answer; a refusal stays as it is."""

    def play(exchange: Exchange, fault: Fault) -> None:
        reply = exchange.accept()
        if reply.status == 200:
            body = edit(exchange.machine, fault, reply, json.loads(reply.content))
            reply = replace(reply, content=json.dumps(body).encode())
        exchange.send(reply)

    return play


PLAYS: dict[str, Play] = {
    "status": _status,
    "garbage": _garbage,
    "reset": _reset,
    "hang": _hang,
    "bomb": _bomb,
    "slow": _slow,
    "drip": _drip,
    "truncate": _truncate,
    "duplicate": _duplicate,
    **{action: _edited(edit) for action, edit in EDITS.items()},
}
