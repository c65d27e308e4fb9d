"""The one door to the queue, and the only importer of django-q2.

A task is a hint "look at this row": it may be lost, late, doubled or concurrent. The queue lives
in the same database, so a hint enqueued inside a transaction exists only if it commits.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import signing
from django_q.conf import Conf
from django_q.models import Failure, OrmQ
from django_q.signals import post_execute
from django_q.signing import PickleSerializer, SignedPackage
from django_q.tasks import async_task

from integrations.doors.batches import delete_batch
from integrations.doors.clock import DatabaseNow, database_now

# Tasks that failed.
KEPT = timedelta(days=30)


def enqueue(task: str, *identifiers: str) -> None:
    """Queue `task`, a dotted path, with ids as text: nothing else survives a deploy."""
    async_task(task, *identifiers)


def waiting() -> int:
    """Hints that no cluster has taken. Those that were taken and never ended do not count: of a
    cluster whose monitor was killed they stay for as long as `retry`, and hold up nobody."""
    # A cluster that takes a hint moves its `lock` to when another may take it.
    return int(OrmQ.objects.filter(lock__lte=DatabaseNow()).count())


def forget_failures() -> int:
    """A batch of what went wrong 30 days ago; returns rows. What went well is never kept
    (`save_limit`), and without this what did not would be for ever."""
    return delete_batch(Failure.objects.filter(stopped__lt=database_now() - KEPT))


def when_done(listen: Callable[[], None]) -> None:
    """Call `listen` in a cluster's monitor, its last process, after each task is recorded."""

    def heard(**_: Any) -> None:
        listen()

    post_execute.connect(heard, weak=False, dispatch_uid="integrations.doors.queue")


def _loads(signed: str) -> Any:
    """As django-q2 opens a task, but with Django's own signer, which tries SECRET_KEY_FALLBACKS as
    well: django-q2's copy of it knows one key, and drops what the key before had signed."""
    return signing.loads(signed, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=PickleSerializer)


SignedPackage.loads = staticmethod(_loads)
