"""Tell a client that its job has ended: one POST, fire and forget, unless a rule says otherwise."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from integrations.emulator import jobs
from integrations.emulator.faults.fault import Fault
from integrations.emulator.jobs import Job
from integrations.emulator.machine import Machine
from integrations.emulator.representation import body_of

logger = logging.getLogger(__name__)
CONNECT_S = 3.0
RETRY_S = 1.0
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Bell:
    url: str
    method: str
    headers: Mapping[str, str]
    content: bytes
    answer_s: float

    def ring(self) -> bool:
        """Whether the client took it."""
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two processes on one machine
            try:
                return self._called(session).ok
            except requests.RequestException as error:
                # Its class only: the address is the client's secret.
                logger.warning("A webhook did not get through: %s", type(error).__name__)
                return False

    def _called(self, session: requests.Session) -> requests.Response:
        """Streamed, so that nothing of an endless answer is read."""
        return session.request(
            self.method,
            self.url,
            data=self.content,
            headers=dict(self.headers),
            timeout=(CONNECT_S, self.answer_s),
            allow_redirects=False,
            stream=True,
        )


def _once(bell: Bell, fault: Fault | None) -> None:
    bell.ring()


def _never(bell: Bell, fault: Fault) -> None:
    pass


def _repeatedly(bell: Bell, fault: Fault) -> None:
    for _ in range(fault.count):
        bell.ring()


def _until_taken(bell: Bell, fault: Fault) -> None:
    for _ in range(fault.count):
        if bell.ring():
            return
        time.sleep(fault.seconds_or(RETRY_S))


# What the end of a job does with its bell; without a fault, or with another one, it rings once.
RINGS: dict[str, Callable[[Bell, Fault], None]] = {
    "none": _never,
    "early": _never,
    "twice": _repeatedly,
    "retry": _until_taken,
}


def ring_early(machine: Machine, job: Job) -> None:
    """Within the call that takes in the job, when a fault says so."""
    fault = job.ring_fault
    if job.webhook and fault and fault.action == "early":
        _bell(machine, job, job.webhook).ring()


def ring(machine: Machine, job: Job) -> None:
    """At the end of a job, in a thread of its own: a slow listener holds up no worker."""
    if not job.webhook or not _rings_for(machine, job):
        return
    fault = job.ring_fault
    rings = RINGS.get(fault.action, _once) if fault else _once
    arguments = (_bell(machine, job, job.webhook), fault)
    threading.Thread(target=rings, args=arguments, daemon=True).start()


def seconds_late(job: Job) -> float:
    fault = job.ring_fault
    return fault.seconds_or(0) if fault and fault.action == "late" else 0


def _rings_for(machine: Machine, job: Job) -> bool:
    return job.status != jobs.FAILED or machine.settings.webhook_on_failed


def _bell(machine: Machine, job: Job, url: str) -> Bell:
    fault = job.ring_fault or Fault("webhook", "send")
    headers = {**HEADERS, **fault.headers}
    content = _content(machine, job, fault)
    return Bell(url, fault.method, headers, content, machine.settings.webhook_timeout)


def _content(machine: Machine, job: Job, fault: Fault) -> bytes:
    """The body of `get`, changed by `fields`; or whatever `body` says, a string as it is."""
    with machine.store.transaction() as db:
        body: Any = body_of(db, job, job.origin, machine.settings)
    if machine.settings.webhook_id:
        body["generation_id"] = job.generation_id
    told = {**body, **fault.fields} if fault.body is None else fault.body
    return told.encode() if isinstance(told, str) else json.dumps(told).encode()
