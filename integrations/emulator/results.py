"""Result pictures: files under names that nobody can guess, alive for a while.

The caller owns the transaction.
"""

import secrets
import sqlite3
import time
from pathlib import Path

FOLDER = "results"


def path_of(state: Path, generation_id: str) -> Path:
    return state / FOLDER / f"{generation_id}.png"


def save(path: Path, content: bytes) -> None:
    """Complete or absent, also when the process dies while it writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def url(db: sqlite3.Connection, generation_id: str, origin: str, lives_s: float) -> str:
    """The living address of a result; a dead one is followed by a new one."""
    row = db.execute(
        "SELECT token FROM results WHERE generation_id = ? AND expires_at > ?",
        (generation_id, time.time()),
    ).fetchone()
    token = row[0] if row else _new_token(db, generation_id, lives_s)
    return f"{origin}/results/{token}.png"


def generation_of(db: sqlite3.Connection, path: str) -> str | None:
    """Whose picture lives at `/results/<token>.png`."""
    token = path.removeprefix("/results/").removesuffix(".png")
    row = db.execute(
        "SELECT generation_id FROM results WHERE token = ? AND expires_at > ?",
        (token, time.time()),
    ).fetchone()
    return row[0] if row else None


def _new_token(db: sqlite3.Connection, generation_id: str, lives_s: float) -> str:
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO results (token, generation_id, expires_at) VALUES (?, ?, ?)",
        (token, generation_id, time.time() + lives_s),
    )
    return token
