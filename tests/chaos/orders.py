"""How the harness tells a process to die: an order is a file named after a failpoint, and the first
process that reaches the failpoint takes it, by renaming it, and obeys."""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

FOLDER = "CHAOS_ORDERS"
HITS = "hits"
CLOSED = "closed"  # support has gone home


@dataclass(frozen=True)
class Hit:
    """`subject` tells which job was in hand; `seconds` is how long a stopped process sleeps, and 0
    for one that was killed."""

    failpoint: str
    pid: int
    subject: str
    seconds: float


def place(folder: Path, failpoint: str, seconds: float) -> None:
    """Kill who reaches it next, or stop it for `seconds`."""
    fresh = folder / f".{failpoint}"
    fresh.write_text(json.dumps(seconds))
    fresh.replace(folder / failpoint)


def withdraw(folder: Path) -> int:
    """Take back what nobody reached; returns how many."""
    waiting = [path for path in folder.glob("F*") if "-" not in path.name]
    for path in waiting:
        path.unlink(missing_ok=True)
    return len(waiting)


def close(folder: Path) -> None:
    """Nobody presses a button any more: what is stuck must come to rest by itself."""
    (folder / CLOSED).touch()


def is_closed() -> bool:
    return (Path(os.environ[FOLDER]) / CLOSED).exists()


def reach(failpoint: str, subject: str) -> None:
    """Die here, if that is ordered."""
    folder = Path(os.environ[FOLDER])
    mine = folder / f"{failpoint}-{os.getpid()}"
    try:
        (folder / failpoint).rename(mine)
    except FileNotFoundError:
        return
    seconds = json.loads(mine.read_text())
    mine.unlink()
    _note(folder, Hit(failpoint, os.getpid(), subject, seconds))
    os.kill(os.getpid(), signal.SIGSTOP if seconds else signal.SIGKILL)


def hits(folder: Path) -> list[Hit]:
    log = folder / HITS
    lines = log.read_text().splitlines() if log.exists() else []
    return [Hit(**json.loads(line)) for line in lines]


def _note(folder: Path, hit: Hit) -> None:
    """In one write, so that those of two processes do not mix."""
    log = os.open(folder / HITS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, json.dumps(vars(hit)).encode() + b"\n")
    os.close(log)
