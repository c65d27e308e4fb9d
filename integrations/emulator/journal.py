"""Every request that reached the machine, kept for whoever wants to prove what was sent.

`read` opens the file itself, so it works beside a running machine and after a killed one.
"""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.emulator.messages import Request
from integrations.emulator.store import reading

COLUMNS = "id, at, method, path, call, headers, body, fault, status, generation_id"


@dataclass(frozen=True)
class Entry:
    """One request; `status` is None when no answer was begun."""

    id: int
    at: str  # ISO 8601, UTC
    method: str
    path: str
    call: str | None  # generate, variation, get, credit, result; None: no such path
    headers: dict[str, str]  # names in lower case
    body: Any  # the JSON, or the text when it is none
    fault: str | None  # the action of the rule that spoiled this
    status: int | None
    generation_id: str | None

    @property
    def api_key(self) -> str | None:
        return self.headers.get("x-api-key")

    @property
    def user_id(self) -> str | None:
        return self.body.get("user_id") if isinstance(self.body, dict) else None


def read(state: Path, *, call: str | None = None, after: int = 0) -> list[Entry]:
    """The requests kept in a state folder, in order, of one call or of all."""
    where = "id > ?" if call is None else "id > ? AND call = ?"
    query = f"SELECT {COLUMNS} FROM requests WHERE {where} ORDER BY id"  # noqa: S608
    values = (after,) if call is None else (after, call)
    with reading(state) as db:
        return [_entry(row) for row in db.execute(query, values)] if db else []


def arrived(db: sqlite3.Connection, request: Request, call: str | None, fault: str | None) -> int:
    """Returns the id under which `concerned` and `answered` complete it."""
    added = db.execute(
        "INSERT INTO requests (method, path, call, headers, body, fault) VALUES (?, ?, ?, ?, ?, ?)",
        (
            request.method,
            request.path,
            call,
            json.dumps(dict(request.headers)),
            request.content.decode("utf-8", "replace"),
            fault,
        ),
    )
    return int(added.lastrowid or 0)


def concerned(db: sqlite3.Connection, number: int, generation_id: str) -> None:
    db.execute("UPDATE requests SET generation_id = ? WHERE id = ?", (generation_id, number))


def answered(db: sqlite3.Connection, number: int, status: int) -> None:
    db.execute("UPDATE requests SET status = ? WHERE id = ?", (status, number))


def _entry(row: tuple[Any, ...]) -> Entry:
    number, at, method, path, call, headers, body, *rest = row
    return Entry(number, at, method, path, call, json.loads(headers), _parsed(body), *rest)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
