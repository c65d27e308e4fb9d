"""The threads that carry jobs on."""

import logging
import threading
import time

from integrations.emulator import jobs
from integrations.emulator.machine import Machine
from integrations.emulator.steps import STEPS

logger = logging.getLogger(__name__)
IDLE_S = 0.1


class Workers:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._stopping = threading.Event()
        count = machine.settings.workers
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def start(self) -> None:
        with self._machine.store.transaction() as db:
            jobs.unclaim_all(db)
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float) -> bool:
        """Whether all of them ended in time."""
        self._stopping.set()
        self._machine.wake.set()
        deadline = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self._take_a_step()
            except Exception:
                # The disk, say: this job waits for the next start, the others go on.
                logger.exception("A step failed")
                worked = False
            if not worked:
                self._machine.wake.wait(IDLE_S)
                self._machine.wake.clear()

    def _take_a_step(self) -> bool:
        with self._machine.store.transaction() as db:
            job = jobs.claim_due(db)
        if job:
            STEPS[job.step](self._machine, job)
        return job is not None
