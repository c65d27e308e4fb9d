"""The rows of jobs: take in, find, claim, move on. The caller owns the transaction."""

import sqlite3
import time
from dataclasses import asdict, dataclass, fields

from integrations.emulator.book import Account
from integrations.emulator.faults.fault import Fault, fault_json, parse_fault

STARTING, PROCESSING, SUCCEEDED, FAILED = "STARTING", "PROCESSING", "SUCCEEDED", "FAILED"
ROOM_TYPES = ("TERRACE", "POOL", "PETANQUE")


@dataclass(frozen=True)
class Order:
    """What a client asked for, and what it costs."""

    generation_id: str
    project_id: str
    parent_id: str | None
    room_type: str
    image_url: str
    mask_url: str | None
    width: int | None
    height: int | None
    webhook: str | None
    origin: str
    cost: int


@dataclass(frozen=True)
class Job(Order):
    """An order, whose it is, and how far it is."""

    account_id: int
    user_id: str
    job_fault: str | None
    webhook_fault: str | None
    status: str
    step: str
    deaths: int  # how often the process died while it worked on this

    @property
    def fault(self) -> Fault | None:
        return parse_fault(self.job_fault) if self.job_fault else None

    @property
    def ring_fault(self) -> Fault | None:
        return parse_fault(self.webhook_fault) if self.webhook_fault else None


@dataclass(frozen=True)
class Move:
    """What a step makes of a job; `wait` is in seconds, None means that nothing comes any more."""

    status: str
    step: str
    wait: float | None


_COLUMNS = ", ".join(field.name for field in fields(Job))
_SELECT = f"SELECT {_COLUMNS} FROM jobs JOIN accounts ON accounts.id = account_id"  # noqa: S608


def add(
    db: sqlite3.Connection,
    order: Order,
    account: Account,
    *,
    job_fault: Fault | None,
    webhook_fault: Fault | None,
    wait: float,
) -> None:
    row = {
        **asdict(order),
        "account_id": account.id,
        "job_fault": fault_json(job_fault) if job_fault else None,
        "webhook_fault": fault_json(webhook_fault) if webhook_fault else None,
        "status": STARTING,
        "step": "start",
        "due_at": time.time() + wait,
    }
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO jobs ({columns}) VALUES ({values})", row)  # noqa: S608


def find(db: sqlite3.Connection, generation_id: str) -> Job | None:
    row = db.execute(f"{_SELECT} WHERE generation_id = ?", (generation_id,)).fetchone()
    return Job(**row) if row else None


def latest_but(db: sqlite3.Connection, generation_id: str | None) -> str | None:
    """The id of the newest other job, whoever owns it."""
    others = "SELECT generation_id FROM jobs WHERE generation_id IS NOT ? ORDER BY rowid DESC"
    row = db.execute(f"{others} LIMIT 1", (generation_id,)).fetchone()
    return row[0] if row else None


def claim_due(db: sqlite3.Connection) -> Job | None:
    """The job that is due longest, which no other worker gets now; who has a picture is told so
    before others are drawn."""
    due = f"{_SELECT} WHERE claimed = 0 AND due_at <= ? ORDER BY step = 'work', due_at LIMIT 1"
    row = db.execute(due, (time.time(),)).fetchone()
    if row:
        db.execute("UPDATE jobs SET claimed = 1 WHERE generation_id = ?", (row["generation_id"],))
    return Job(**row) if row else None


def unclaim_all(db: sqlite3.Connection) -> None:
    """At the start: whoever held a claim died with the last process."""
    db.execute("UPDATE jobs SET claimed = 0, deaths = deaths + 1 WHERE claimed = 1")


def move(
    db: sqlite3.Connection, generation_id: str, to: Move, *, failure: str | None = None
) -> None:
    due_at = None if to.wait is None else time.time() + to.wait
    db.execute(
        "UPDATE jobs SET status = ?, step = ?, due_at = ?, claimed = 0,"
        " failure = COALESCE(?, failure) WHERE generation_id = ?",
        (to.status, to.step, due_at, failure, generation_id),
    )


def variations(db: sqlite3.Connection, project_id: str) -> list[str]:
    """The statuses of a project's variations."""
    found = db.execute(
        "SELECT status FROM jobs WHERE project_id = ? AND parent_id IS NOT NULL", (project_id,)
    )
    return [row["status"] for row in found]
