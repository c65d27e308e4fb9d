"""A job's life, one step at a time; each step ends in a commit that says what comes next.

`start`, `work`, `ring`, and it is done. A fault rule can put `resume` before `work`, and `relapse`
or `refund` after `ring`.
"""

import logging
import sqlite3
from collections.abc import Callable

from integrations.emulator import book, jobs, pictures, results, webhook
from integrations.emulator.faults.fault import Fault
from integrations.emulator.jobs import FAILED, PROCESSING, SUCCEEDED, Job, Move
from integrations.emulator.machine import Machine
from integrations.engine import EngineError

logger = logging.getLogger(__name__)
MOST_DEATHS = 5
FLICKER_S = RELAPSE_S = 2.0

Step = Callable[[Machine, Job], None]

# What a job fault makes of the start; without one the work is due after the delay.
STARTS: dict[str, Callable[[Fault, float], Move]] = {
    "slow": lambda fault, delay: Move(PROCESSING, "work", delay + fault.seconds_or(0)),
    "stuck": lambda fault, delay: Move(PROCESSING, "work", None),
    "flicker": lambda fault, delay: Move(FAILED, "resume", fault.seconds_or(FLICKER_S)),
}


def start(machine: Machine, job: Job) -> None:
    fault, delay = job.fault, machine.settings.delay / 2
    to = Move(PROCESSING, "work", delay)
    if fault and fault.action in STARTS:
        to = STARTS[fault.action](fault, delay)
    with machine.store.transaction() as db:
        jobs.move(db, job.generation_id, to)


def resume(machine: Machine, job: Job) -> None:
    with machine.store.transaction() as db:
        jobs.move(db, job.generation_id, Move(PROCESSING, "work", machine.settings.delay / 2))


def work(machine: Machine, job: Job) -> None:
    try:
        made = _made(machine, job)
        results.save(results.path_of(machine.settings.state, job.generation_id), made.png)
        succeed(machine, job, made)
    except (pictures.Unusable, EngineError) as problem:
        fail(machine, job, str(problem))
    except Exception as error:
        # Whatever the engine or the disk stumbles on ends the job: the photo is given back. So does
        # a charge on success when no photos are left by then.
        logger.exception("%s stumbled", job.generation_id)
        fail(machine, job, type(error).__name__)


def succeed(machine: Machine, job: Job, made: pictures.Made) -> None:
    """The mask is kept for variations that bring none."""
    keep = "INSERT INTO masks (generation_id, content) VALUES (?, ?)"
    with machine.store.transaction() as db:
        if machine.settings.charge_on_success:
            book.debit(db, job.account_id, job.generation_id, job.cost)
        if made.mask is not None:
            db.execute(keep, (job.generation_id, made.mask))
        jobs.move(db, job.generation_id, Move(SUCCEEDED, "ring", webhook.seconds_late(job)))
    logger.info("%s SUCCEEDED", job.generation_id)


def ring(machine: Machine, job: Job) -> None:
    with machine.store.transaction() as db:
        jobs.move(db, job.generation_id, _after(job))
    webhook.ring(machine, job)


def _after(job: Job) -> Move:
    """What follows once the end was told."""
    fault = job.fault
    if fault and fault.action == "relapse" and job.status == SUCCEEDED:
        return Move(job.status, "relapse", fault.seconds_or(RELAPSE_S))
    if fault and fault.action == "fail" and fault.refund and fault.seconds:
        return Move(job.status, "refund", fault.seconds)
    return Move(job.status, "done", None)


def relapse(machine: Machine, job: Job) -> None:
    """FAILED after SUCCEEDED: nobody is called again."""
    with machine.store.transaction() as db:
        _fail(db, job, "a fault rule says so", Move(FAILED, "done", None))


def refund(machine: Machine, job: Job) -> None:
    """Later than the end, because a fault rule says so."""
    with machine.store.transaction() as db:
        jobs.move(db, job.generation_id, Move(job.status, "done", None))
        book.refund(db, job.account_id, job.generation_id)


def fail(machine: Machine, job: Job, reason: str) -> None:
    """End a job without a picture, and give its photo back in the same transaction."""
    with machine.store.transaction() as db:
        _fail(db, job, reason, Move(FAILED, "ring", webhook.seconds_late(job)))
    logger.info("%s FAILED: %s", job.generation_id, reason)


STEPS: dict[str, Step] = {
    "start": start,
    "resume": resume,
    "work": work,
    "ring": ring,
    "relapse": relapse,
    "refund": refund,
}


def _made(machine: Machine, job: Job) -> pictures.Made:
    if job.fault and job.fault.action == "fail":
        raise pictures.Unusable("a fault rule says so")
    if job.deaths >= MOST_DEATHS:
        raise pictures.Unusable(f"the machine died {job.deaths} times while it worked on this")
    made = pictures.make(machine, job)
    return pictures.with_a_window(made) if job.fault and job.fault.action == "window" else made


def _fail(db: sqlite3.Connection, job: Job, reason: str, to: Move) -> None:
    jobs.move(db, job.generation_id, to, failure=reason)
    if not _keeps_the_photo(job):
        book.refund(db, job.account_id, job.generation_id)


def _keeps_the_photo(job: Job) -> bool:
    """For a while, or for good."""
    fault = job.fault
    return fault is not None and fault.action == "fail" and bool(fault.seconds or not fault.refund)
