"""What can be asked of the machine: iacrea's four calls, and the pictures themselves."""

import sqlite3
from collections.abc import Callable
from typing import Any

from integrations.emulator import book, jobs, results
from integrations.emulator.faults.rule import Subject
from integrations.emulator.fields import Fields
from integrations.emulator.jobs import Job
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Refusal, Reply, Request, json_reply
from integrations.emulator.representation import body_of
from integrations.emulator.submits import generate, owned, vary

Call = Callable[[Machine, Request], Reply]


def get(machine: Machine, request: Request) -> Reply:
    """Raises `Refusal`."""
    key, fields = request.api_key, Fields(request.body)
    user_id, generation_id = fields.uuid("user_id"), fields.uuid("generation_id")
    with machine.store.transaction() as db:
        account = book.open_account(db, key, user_id, machine.settings.photos)
        job = owned(db, account, generation_id)
        body = body_of(db, job, request.origin, machine.settings)
    return json_reply(body, generation_id=generation_id)


def credit(machine: Machine, request: Request) -> Reply:
    """Raises `Refusal`."""
    key, user_id = request.api_key, Fields(request.body).uuid("user_id")
    with machine.store.transaction() as db:
        account = book.open_account(db, key, user_id, machine.settings.photos)
    photos = account.remaining
    return json_reply({"total": photos, "subscription": photos, "extra": 0})


def result(machine: Machine, request: Request) -> Reply:
    """Raises `Refusal`."""
    with machine.store.transaction() as db:
        generation_id = results.generation_of(db, request.path)
    if generation_id is None:
        raise Refusal(404, "There is no such picture, or its address has expired.")
    content = results.path_of(machine.settings.state, generation_id).read_bytes()
    return Reply(200, content, "image/png", generation_id=generation_id)


CALLS: dict[str, Call] = {
    "generate": generate,
    "variation": vary,
    "get": get,
    "credit": credit,
    "result": result,
}
PATHS = {
    "/api/create_exterior/generate": "generate",
    "/api/create_exterior/generate-variation": "variation",
    "/api/create_exterior/get": "get",
    "/api/account/credit": "credit",
}


def call_of(method: str, path: str) -> str | None:
    if method in ("GET", "HEAD") and path.startswith("/results/"):
        return "result"
    return PATHS.get(path) if method == "POST" else None


def subject_of(machine: Machine, call: str, request: Request) -> Subject:
    """What a request is about, for fault rules."""
    body = _body_or_nothing(request)
    with machine.store.transaction() as db:
        job = _job_of(db, call, request)
        age = book.seconds_since(db, job.generation_id) if job else None
    user_id = body.get("user_id") or (job.user_id if job else None)
    room_type = body.get("room_type") or (job.room_type if job else None)
    simulate = _text(body.get("simulate"))
    return Subject(call, _text(user_id), _text(room_type), age, simulate)


def _job_of(db: sqlite3.Connection, call: str, request: Request) -> Job | None:
    if call == "result":
        generation_id = results.generation_of(db, request.path)
    else:
        generation_id = _text(_body_or_nothing(request).get("generation_id"))
    return jobs.find(db, generation_id) if generation_id else None


def _body_or_nothing(request: Request) -> dict[str, Any]:
    try:
        return dict(request.body)
    except Refusal:
        return {}  # a picture's request has no body; a malformed one matches rules without a user


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
