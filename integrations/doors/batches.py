"""Rows that are kept no longer go in batches: a statement is short, and so are its locks."""

from typing import Any

BATCH = 500


def delete_batch(rows: Any, most: int = BATCH) -> int:
    """Some of these rows; returns how many were found. Asked again as they are deleted: a row that
    is used in this moment, and so is not among them any more, stays."""
    found = list(rows.order_by().values_list("pk", flat=True)[:most])
    rows.order_by().filter(pk__in=found).delete()
    return len(found)
