"""The photo book: accounts, and every photo taken and given back.

The caller owns the transaction.
"""

import sqlite3
from dataclasses import dataclass

from integrations.emulator.messages import Refusal


@dataclass(frozen=True)
class Account:
    id: int
    user_id: str
    remaining: int


def open_account(db: sqlite3.Connection, api_key: str, user_id: str, photos: int) -> Account:
    """The account of this key and user; a new one gets `photos`."""
    new = "INSERT INTO accounts (api_key, user_id, remaining) VALUES (?, ?, ?)"
    opened = db.execute(f"{new} ON CONFLICT DO NOTHING", (api_key, user_id, photos))
    account = _account(db, api_key, user_id)
    if opened.rowcount:
        _note(db, account.id, None, "opened", photos)
    return account


def debit(db: sqlite3.Connection, account: Account, generation_id: str, photos: int) -> int:
    """Take photos for a job; returns what remains. Raises `Refusal`."""
    if account.remaining < photos:
        raise Refusal(402, "No photos left: buy photos or renew your subscription.")
    if photos:
        _change(db, account.id, -photos)
        _note(db, account.id, generation_id, "debit", -photos)
    return account.remaining - photos


def refund(db: sqlite3.Connection, account_id: int, generation_id: str, photos: int) -> None:
    if photos:
        _change(db, account_id, photos)
        _note(db, account_id, generation_id, "refund", photos)


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
