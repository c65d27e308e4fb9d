"""The one door to the queue, and the only importer of django-q2.

A task is a hint "look at this row": it may be lost, late, doubled or concurrent. The queue lives
in the same database, so a hint enqueued inside a transaction exists only if it commits.
"""

from django_q.models import OrmQ
from django_q.tasks import async_task


def enqueue(task: str, *identifiers: str) -> None:
    """Queue `task`, a dotted path, with ids as text: nothing else survives a deploy."""
    async_task(task, *identifiers)


def queue_depth() -> int:
    """Hints that no worker has finished."""
    return int(OrmQ.objects.count())
