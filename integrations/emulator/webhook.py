"""Tell a client that its job has ended: one POST, fire and forget, no second try."""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import requests

from integrations.emulator import jobs
from integrations.emulator.faults.rule import Rule
from integrations.emulator.jobs import Job
from integrations.emulator.machine import Machine
from integrations.emulator.representation import body_of

logger = logging.getLogger(__name__)
TIMEOUT = (3.0, 10.0)  # seconds to connect, and to answer

# How often the end of a job rings; a rule that is not here rings once.
RINGS: dict[str, Callable[[Rule], int]] = {
    "none": lambda rule: 0,
    "early": lambda rule: 0,
    "twice": lambda rule: rule.count,
}


def ring_early(machine: Machine, job: Job) -> None:
    """Within the call that takes in the job, when a rule says so."""
    rule = job.webhook_rule
    if job.webhook and rule and rule.action == "early":
        _post(job.webhook, _content(machine, job), 1)


def ring(machine: Machine, job: Job) -> None:
    """At the end of a job, in a thread of its own: a slow listener holds up no worker."""
    if job.webhook and _rings_for(machine, job):
        arguments = (job.webhook, _content(machine, job), _times(job.webhook_rule))
        threading.Thread(target=_post, args=arguments, daemon=True).start()


def seconds_late(job: Job) -> float:
    rule = job.webhook_rule
    return rule.seconds_or(0) if rule and rule.action == "late" else 0


def _rings_for(machine: Machine, job: Job) -> bool:
    return job.status != jobs.FAILED or machine.settings.webhook_on_failed


def _times(rule: Rule | None) -> int:
    return RINGS[rule.action](rule) if rule and rule.action in RINGS else 1


def _content(machine: Machine, job: Job) -> bytes:
    with machine.store.transaction() as db:
        body: dict[str, Any] = body_of(db, job, job.origin, machine.settings)
    if machine.settings.webhook_id:
        body["generation_id"] = job.generation_id
    if job.webhook_rule and job.webhook_rule.action == "set":
        body.update(job.webhook_rule.fields)
    return json.dumps(body).encode()


def _post(url: str, content: bytes, times: int) -> None:
    headers = {"Content-Type": "application/json"}
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between two processes on one machine
        for _ in range(times):
            try:
                # Streamed, so that nothing of an endless answer is read.
                session.post(
                    url,
                    data=content,
                    headers=headers,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                ).close()
            except requests.RequestException as error:
                # Its class only: the address is the client's secret.
                logger.warning("A webhook did not get through: %s", type(error).__name__)
