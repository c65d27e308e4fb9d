"""The worker as a supervised process: its canary is looked at. Imports stand in the functions: the
demo loads this before Django's settings."""

import logging
import time
from pathlib import Path

from config.supervise import Process, manage

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
_seen: tuple[float, float | None] = (float("-inf"), None)


def worker(log: Path) -> Process:
    return Process("worker", manage("qcluster"), log, age_s=worker_age_s)


def worker_age_s() -> float | None:
    """Seconds since a task last ran, and ask for the next. None while the database does not answer:
    to start the workers again would not mend that."""
    global _seen
    if time.monotonic() - _seen[0] >= LOOK_EVERY_S:
        _seen = time.monotonic(), _look()
    return _seen[1]


def _look() -> float | None:
    from django.db import Error, close_old_connections

    from projects import canary

    close_old_connections()  # the last look may be days ago
    try:
        canary.ask()
    except Error as error:
        # On SQLite a worker that hangs in a transaction keeps out every writer, and no reader.
        logger.warning("the canary cannot be asked: %s", error)
    try:
        return canary.age_s()
    except Error as error:
        logger.warning("the canary cannot be seen: %s", error)
        return None
