"""What is counted of an agency's storage, against the rows of its files."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Model, Sum

from accounts.kept_bytes import count
from accounts.ledger_audit import one_moment
from accounts.models import KeptBytes
from projects.models import Picture, Upload

Sums = dict[UUID, int]


def differences() -> Iterator[tuple[UUID, int]]:
    """Each agency that is counted wrongly, and by how many bytes too few."""
    kept, counted = _of(Upload, "size"), _of(KeptBytes, "bytes")
    for agency_id, size in _of(Picture, "size").items():
        kept[agency_id] = kept.get(agency_id, 0) + size
    for agency_id in sorted(kept.keys() | counted.keys()):
        if missing := kept.get(agency_id, 0) - counted.get(agency_id, 0):
            yield agency_id, missing


def mend() -> list[tuple[UUID, int]]:
    """Count what is missing: of code from before it was counted, and of rows written by hand. What
    others store meanwhile they count themselves."""
    with one_moment():
        found = list(differences())
        for agency_id, missing in found:
            count(agency_id, missing)
    return found


def _of(model: type[Model], field: str) -> Sums:
    rows = model._default_manager.order_by().values("agency").annotate(bytes=Sum(field))
    return dict(rows.values_list("agency", "bytes"))
