"""The photo book: accounts, and every photo taken and given back.

The caller owns the transaction; `read` opens the file itself, beside a running machine or after a
killed one.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from integrations.emulator.store import reading

_BOOK = """
    SELECT jobs.generation_id, user_id, webhook, parent_id, room_type, status,
        COALESCE(-SUM(change) FILTER (WHERE change < 0), 0),
        COALESCE(SUM(change) FILTER (WHERE change > 0), 0),
        MIN(at)
    FROM jobs JOIN accounts ON accounts.id = jobs.account_id
    LEFT JOIN photo_entries ON photo_entries.generation_id = jobs.generation_id
    GROUP BY jobs.rowid ORDER BY jobs.rowid
"""


@dataclass(frozen=True)
class Account:
    id: int
    user_id: str
    remaining: int


@dataclass(frozen=True)
class Charge:
    """A job that was accepted, whoever knows of it, and its photos."""

    generation_id: str
    user_id: str
    webhook: str | None
    parent_id: str | None
    room_type: str
    status: str
    charged: int
    refunded: int
    accepted_at: str | None  # ISO 8601, UTC; None: free, and of an older version


def read(state: Path) -> list[Charge]:
    """Every job of a state folder, in the order in which they were accepted."""
    with reading(state) as db:
        return [Charge(*row) for row in db.execute(_BOOK)] if db else []


def open_account(db: sqlite3.Connection, api_key: str, user_id: str, photos: int) -> Account:
    """The account of this key and user; a new one gets `photos`."""
    new = "INSERT INTO accounts (api_key, user_id, remaining) VALUES (?, ?, ?)"
    opened = db.execute(f"{new} ON CONFLICT DO NOTHING", (api_key, user_id, photos))
    account = _account(db, api_key, user_id)
    if opened.rowcount:
        _note(db, account.id, None, "opened", photos)
    return account


def accept(db: sqlite3.Connection, account_id: int, generation_id: str) -> None:
    """Note when it was; taking its photos is another matter."""
    _note(db, account_id, generation_id, "accepted", 0)


def debit(db: sqlite3.Connection, account_id: int, generation_id: str, photos: int) -> None:
    """Take photos for a job; the database refuses more than there are."""
    if photos:
        _change(db, account_id, -photos)
        _note(db, account_id, generation_id, "debit", -photos)


def refund(db: sqlite3.Connection, account_id: int, generation_id: str) -> None:
    """Give back what the job has taken, if anything."""
    taken = "SELECT -SUM(change) FROM photo_entries WHERE generation_id = ?"
    photos = db.execute(taken, (generation_id,)).fetchone()[0]
    if photos:
        _change(db, account_id, photos)
        _note(db, account_id, generation_id, "refund", photos)


def seconds_since(db: sqlite3.Connection, generation_id: str) -> float | None:
    """Since a job was accepted."""
    age = "SELECT (julianday('now') - julianday(MIN(at))) * 86400 FROM photo_entries"
    row = db.execute(f"{age} WHERE generation_id = ?", (generation_id,)).fetchone()
    return row[0] if row else None


def _account(db: sqlite3.Connection, api_key: str, user_id: str) -> Account:
    found = db.execute(
        "SELECT id, user_id, remaining FROM accounts WHERE api_key = ? AND user_id = ?",
        (api_key, user_id),
    )
    return Account(*found.fetchone())


def _change(db: sqlite3.Connection, account_id: int, photos: int) -> None:
    db.execute("UPDATE accounts SET remaining = remaining + ? WHERE id = ?", (photos, account_id))


def _note(
    db: sqlite3.Connection, account_id: int, generation_id: str | None, reason: str, change: int
) -> None:
    db.execute(
        "INSERT INTO photo_entries (account_id, generation_id, reason, change) VALUES (?, ?, ?, ?)",
        (account_id, generation_id, reason, change),
    )
