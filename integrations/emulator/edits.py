"""Faults that change what a real answer says, and nothing else of it."""

from collections.abc import Callable
from typing import Any

from integrations.emulator import jobs
from integrations.emulator.faults.fault import Fault
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Reply
from integrations.emulator.representation import body_of

Body = dict[str, Any]
Edit = Callable[[Machine, Fault, Reply, Body], Body]


def _set(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    return {**body, **fault.fields}


def _no_id(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "generation_id"}


def _same_id(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    """The id of the job before; the very first job has only its own."""
    with machine.store.transaction() as db:
        other = jobs.latest_but(db, reply.generation_id)
    return {**body, "generation_id": other or body["generation_id"]}


def _unknown_status(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    return {"status": "QUEUED_2", "variationNumber": body["variationNumber"]}


def _lowercase_status(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    return {**body, "status": body["status"].lower()}


def _empty_urls(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    return {**body, "urls": []} if "urls" in body else body


def _more_urls(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    """All of them work, and give the same picture."""
    if "urls" not in body:
        return body
    more = [f"{body['urls'][0]}?picture={number}" for number in range(2, fault.count + 1)]
    return {**body, "urls": [*body["urls"], *more]}


def _other_job(machine: Machine, fault: Fault, reply: Reply, body: Body) -> Body:
    """What `get` would say of the newest other job, as a proxy that mixes up its answers."""
    with machine.store.transaction() as db:
        other = jobs.find(db, jobs.latest_but(db, reply.generation_id) or "")
        return body_of(db, other, other.origin, machine.settings) if other else body


EDITS: dict[str, Edit] = {
    "set": _set,
    "no_id": _no_id,
    "same_id": _same_id,
    "unknown_status": _unknown_status,
    "lowercase_status": _lowercase_status,
    "empty_urls": _empty_urls,
    "more_urls": _more_urls,
    "other_job": _other_job,
}
