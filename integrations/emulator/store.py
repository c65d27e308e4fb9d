"""Everything that the machine remembers: one SQLite file, which survives a kill -9."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "emulator.sqlite3"

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY,
    api_key TEXT NOT NULL,
    user_id TEXT NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    UNIQUE (api_key, user_id)
);
CREATE TABLE IF NOT EXISTS photo_entries (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    account_id INTEGER NOT NULL REFERENCES accounts,
    generation_id TEXT,
    reason TEXT NOT NULL,
    change INTEGER NOT NULL,
    UNIQUE (generation_id, reason)
);
CREATE TABLE IF NOT EXISTS jobs (
    generation_id TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts,
    project_id TEXT NOT NULL,
    parent_id TEXT,
    room_type TEXT NOT NULL,
    image_url TEXT NOT NULL,
    mask_url TEXT,
    width INTEGER,
    height INTEGER,
    webhook TEXT,
    origin TEXT NOT NULL,
    cost INTEGER NOT NULL,
    job_fault TEXT,
    webhook_fault TEXT,
    status TEXT NOT NULL,
    step TEXT NOT NULL,
    due_at REAL,
    claimed INTEGER NOT NULL DEFAULT 0,
    deaths INTEGER NOT NULL DEFAULT 0,
    failure TEXT
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (claimed, due_at);
CREATE INDEX IF NOT EXISTS jobs_project ON jobs (project_id);
CREATE TABLE IF NOT EXISTS masks (generation_id TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS results (
    token TEXT PRIMARY KEY,
    generation_id TEXT NOT NULL,
    expires_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS results_generation ON results (generation_id);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    call TEXT,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    fault TEXT,
    status INTEGER,
    generation_id TEXT
);
CREATE INDEX IF NOT EXISTS requests_call ON requests (call, id);
"""


class Store:
    """One connection, used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._turn = threading.RLock()
        self._connection = sqlite3.connect(
            folder / DATABASE, check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(SCHEMA)
        # In WAL mode this loses nothing when the process dies, only when the machine does.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection of one's own, so that nothing waits for a long list; None: nothing is there."""
    if not (folder / DATABASE).exists():
        yield None
        return
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        yield db
