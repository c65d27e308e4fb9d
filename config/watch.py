"""The worker as a supervised process: its canary is looked at. Imports stand in the functions: the
demo loads this before Django's settings."""

import logging
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from config.supervise import Process, manage

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


def worker(log: Path | None) -> Process:
    watch = Watch(secrets.token_hex(6))
    return Process("worker", manage("qcluster"), log, watch.environment, age_s=watch.age_s)


@dataclass
class Watch:
    """On one cluster: several of them share a queue, and each is judged by what it does itself."""

    cluster: str
    looked: float = float("-inf")
    found: float | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"CLUSTER_NAME": self.cluster}

    def age_s(self) -> float | None:
        """Seconds since it did a task, and ask for one. None while the database does not answer: to
        start the workers again would not mend that."""
        if time.monotonic() - self.looked >= LOOK_EVERY_S:
            self.looked, self.found = time.monotonic(), self._look()
        return self.found

    def _look(self) -> float | None:
        from django.db import Error, close_old_connections

        from projects import canary

        close_old_connections()  # the last look may be days ago
        try:
            canary.ask(self.cluster)
        except Error as error:
            # On SQLite a worker that hangs in a transaction keeps out every writer, and no reader.
            logger.warning("the canary cannot be asked: %s", error)
        try:
            return canary.age_s(self.cluster)
        except Error as error:
            logger.warning("the canary cannot be seen: %s", error)
            return None
