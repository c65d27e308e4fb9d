"""A worker in this process: runs what django-q2 would run, once, and sweeps.

The queue is the real one; only the fork is left out, so that a test sees its own transaction.
"""

import time
from collections.abc import Callable

from django.utils.module_loading import import_string
from django_q.models import OrmQ

from projects.models import Generation
from projects.pipeline import dispatch, rings
from projects.pipeline.sweep import Sweep

SWEEP = "projects.tasks.sweep"


def run_queued() -> int:
    """Hand out as a sweep does, and run each queued hint except the sweep's endless term; returns
    how many."""
    dispatch.hand_out()
    rows = list(OrmQ.objects.order_by("pk"))
    for row in rows:
        task = row.task
        row.delete()
        if task["func"] != SWEEP:
            import_string(task["func"])(*task["args"])
    return len(rows)


def sweep_once() -> int:
    """One pass, and the answers to the calls that it began; returns how much there was to do."""
    sweep = Sweep()
    found = sweep.once()
    sweep.finish()
    return found


def answer_rings() -> None:
    """What the sweep makes of the callbacks that came, without asking iacrea."""
    for attempt in rings.rung_attempts([]):
        rings.answer(attempt)


def work_until(done: Callable[[], bool], within_s: float = 30) -> None:
    """Work and sweep until `done`, which is asked for at least once a loop."""
    end = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < end, "not done in time"
        if not run_queued() + sweep_once():
            time.sleep(0.05)


def work_to_the_end(generation: Generation, within_s: float = 30) -> Generation:
    """Bring a generation to its terminal status."""

    def done() -> bool:
        generation.refresh_from_db()
        return generation.is_terminal

    work_until(done, within_s)
    return generation
