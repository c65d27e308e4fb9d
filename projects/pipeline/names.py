"""The X-Request-Id of the call that asked for a job, which the first line of its story keeps: what
a worker does for the job is logged under it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from projects.effects import ASKED_BY
from projects.models import Generation, GenerationEvent

Row = TypeVar("Row", bound=Model)


def with_names(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Jobs, and what is of one: attempts, deliveries. "" for what no call asked for."""
    jobs = [(row, _job(row)) for row in rows]
    names = _names([job for _row, job in jobs if job])
    yield from ((row, names.get(job, "")) for row, job in jobs)


def name_of(generation: Generation) -> str:
    return _names([generation.pk]).get(generation.pk, "")


def _names(jobs: list[UUID]) -> dict[UUID | None, str]:
    if not jobs:
        return {}
    lines = GenerationEvent.objects.filter(generation__in=jobs, detail__has_key=ASKED_BY)
    return {job: detail[ASKED_BY] for job, detail in lines.values_list("generation_id", "detail")}


def _job(row: Model) -> UUID | None:
    if isinstance(row, Generation):
        return row.pk
    return getattr(row, "generation_id", None) or getattr(row, "subject_id", None)
