"""Hints to the workers. Losing one costs a moment: the sweep gives it again."""

from django.db import transaction

from integrations.doors import queue
from integrations.doors.clock import database_now
from projects.models import Generation

# With so many waiting, one hint more would only wait behind them.
FULL = 100


def hint_inputs(generation: Generation) -> None:
    _hint(generation, "projects.tasks.prepare_inputs")


def hint_submit(generation: Generation) -> None:
    _hint(generation, "projects.tasks.submit_generation")


def hint_archive(generation: Generation) -> None:
    _hint(generation, "projects.tasks.archive_generation")


def mark_hinted(generation: Generation) -> None:
    """Let the sweep look elsewhere for a while."""
    Generation.objects.filter(pk=generation.pk).update(hinted_at=database_now())


def is_full() -> bool:
    return queue.queue_depth() >= FULL


@transaction.atomic
def _hint(generation: Generation, task: str) -> None:
    mark_hinted(generation)
    queue.enqueue(task, str(generation.pk))
