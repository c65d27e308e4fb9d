"""A thread of each web process writes the request log a second later, so that no call waits for its
own line; a process that is killed loses that second's."""

import atexit
import logging
import os
import time
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from django.db import connection

from accounts import request_log
from accounts.models import ApiRequest

logger = logging.getLogger(__name__)
PAUSE_S = 1
# Lines that are written at once, and that may wait while the database does not answer.
BATCH = 500
MOST_WAITING = 5000


class Writer:
    """What waits, and the thread that begins with the first call of a process."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[ApiRequest] = SimpleQueue()
        self._process = 0
        self._lock = Lock()

    def put(self, row: ApiRequest) -> None:
        if self._waiting.qsize() >= MOST_WAITING:
            logger.warning("a call is not in the request log: %s wait already", MOST_WAITING)
            return
        self._waiting.put(row)
        self._start()

    def flush(self) -> None:
        """Write what waits. What the database refuses is lost, and said to be."""
        while rows := self._batch():
            try:
                request_log.write(rows)
            except Exception:  # of whatever kind: the thread goes on with the next
                logger.exception("%s calls are not in the request log", len(rows))
                return

    def _batch(self) -> list[ApiRequest]:
        rows: list[ApiRequest] = []
        try:
            while len(rows) < BATCH:
                rows.append(self._waiting.get_nowait())
        except Empty:
            pass  # that is all of it
        return rows

    def _start(self) -> None:
        """Of each process its own: a thread does not survive a fork."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():
                Thread(target=self._run, name="request log", daemon=True).start()
                self._process = os.getpid()
                atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_S)
            if self._waiting.qsize():
                self.flush()
                connection.close()  # an idle process holds none for its log


writer = Writer()
