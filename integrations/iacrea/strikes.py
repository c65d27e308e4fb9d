"""Work that may kill its worker: a picture that is a bomb, a decoder that crashes. It is counted,
and committed, before it begins; who was not there to take the count back was killed. After three
the job is in quarantine: no worker gets it any more, and its deadline ends it.

The queue cannot count this: it gives a task of a killed worker to the next one for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from integrations.iacrea.models import RiskyStep

LIMIT = 3


def begin(generation_id: UUID, step: str) -> bool:
    """False: it has killed enough workers. Only who has claimed the job may begin."""
    with transaction.atomic():
        row, _new = RiskyStep.objects.select_for_update().get_or_create(
            generation_id=generation_id, step=step
        )
        if row.quarantined_at:
            return False
        if row.begun < LIMIT:
            row.begun += 1
        else:
            row.quarantined_at = database_now()
        row.save(update_fields=["begun", "quarantined_at"])
    if row.quarantined_at:
        alert("job_quarantined", generation=generation_id, step=step)
    return row.quarantined_at is None


@contextmanager
def counted(generation_id: UUID, step: str) -> Iterator[None]:
    """An exception is an end like any other; a kill is none, nor django-q2's timeout, which is a
    SystemExit."""
    try:
        yield
    except Exception:
        _end(generation_id, step)
        raise
    _end(generation_id, step)


def quarantined() -> QuerySet[RiskyStep, UUID]:
    rows = RiskyStep.objects.filter(quarantined_at__isnull=False)
    return rows.values_list("generation_id", flat=True)


def _end(generation_id: UUID, step: str) -> None:
    RiskyStep.objects.filter(generation_id=generation_id, step=step).delete()
