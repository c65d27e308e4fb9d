"""What iacrea does not have: is it up, what has come and been charged, which faults have fired."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import asdict
from urllib.parse import parse_qsl, urlsplit

from integrations.emulator import book, journal
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Refusal, Reply, json_reply, refusal_reply

Tool = Callable[[Machine, Mapping[str, str]], Reply]


def answer(machine: Machine, path: str, client: str) -> Reply:
    parts = urlsplit(path)
    # Journal and book hold secrets: each is for this machine's own user.
    if parts.path != "/healthz" and not ipaddress.ip_address(client).is_loopback:
        return refusal_reply(Refusal(404, "Only from the machine itself."))
    return TOOLS[parts.path](machine, dict(parse_qsl(parts.query)))


def _health(machine: Machine, query: Mapping[str, str]) -> Reply:
    return json_reply({"status": "ok"})


def _journal(machine: Machine, query: Mapping[str, str]) -> Reply:
    after = query.get("after", "0")
    if not after.isdecimal():
        return refusal_reply(Refusal(400, "after must be the id of an entry."))
    entries = journal.read(machine.settings.state, call=query.get("call"), after=int(after))
    return json_reply([asdict(entry) for entry in entries])


def _book(machine: Machine, query: Mapping[str, str]) -> Reply:
    return json_reply([asdict(charge) for charge in book.read(machine.settings.state)])


def _faults(machine: Machine, query: Mapping[str, str]) -> Reply:
    return json_reply(machine.faults.report())


TOOLS: dict[str, Tool] = {
    "/healthz": _health,
    "/_emulator/journal": _journal,
    "/_emulator/book": _book,
    "/_emulator/faults": _faults,
}
