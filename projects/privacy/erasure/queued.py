"""What the queue keeps: hints that wait, and the ends of tasks, which may quote what they failed
with. Both hold ids; a row that names one of those that are erased goes."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps

UUIDS = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def forget(ids: Iterable[UUID]) -> int:
    """Returns rows. A hint that goes would have found nothing to do."""
    known = {pk.hex for pk in ids}
    waiting = ((row, row.task) for row in _rows("OrmQ"))
    ended = ((row, [row.args, row.kwargs, row.result]) for row in _rows("Task"))
    return sum(_forget(row, said, known) for each in (waiting, ended) for row, said in each)


def _forget(row: Any, said: object, known: set[str]) -> bool:
    named = {found.replace("-", "") for found in UUIDS.findall(str(said))}
    if not named & known:
        return False
    row.delete()
    return True


def _rows(model: str) -> Iterator[Any]:
    """By the registry: only the door may import the queue (tests/test_layout.py)."""
    rows: Iterator[Any] = apps.get_model("django_q", model)._default_manager.iterator()
    return rows
