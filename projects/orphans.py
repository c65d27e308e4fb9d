"""Files that no row has: of a worker that was killed between the file and its row, or of a row that
went with its transaction. Nobody can open them, and they would fill the disk."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from accounts.models import Branding
from integrations.doors.clock import database_now
from projects import sizes
from projects.models import Picture, Upload

logger = logging.getLogger(__name__)
# Each folder has the files of one model, in these fields.
FIELDS: dict[str, tuple[type[Upload] | type[Picture] | type[Branding], list[str]]] = {
    "uploads/": (Upload, ["file"]),
    "pictures/": (Picture, ["file", "restored"]),
    "thumbnails/": (Picture, ["thumbnail"]),
    "logos/": (Branding, ["logo"]),
}
FOLDERS = [*FIELDS, sizes.FOLDER]
# A file is stored before its row is committed: a younger one may be about to get its row.
AGE = timedelta(days=1)
# Names that the database is asked for at once.
BATCH = 500
# In one run. Whoever has started with the wrong database notices before all is gone.
MOST = 500


def sweep_files(*, most: int = MOST) -> int:
    """Remove at most so many; returns how many were removed."""
    removed = 0
    for folder in FOLDERS:
        for name in _orphans(folder):
            if removed == most:
                return removed
            removed += _remove(name)
    return removed


def _orphans(folder: str) -> Iterator[str]:
    names = [folder + name for name in _stored(folder)]
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        yield from sorted(set(batch) - _owned(folder, batch))


def _owned(folder: str, names: list[str]) -> set[str]:
    """Those of these names that a row has."""
    if folder == sizes.FOLDER:
        return _owned_sizes(names)
    model, fields = FIELDS[folder]
    found = (model.objects.filter(**{f"{field}__in": names}) for field in fields)
    pairs = zip(found, fields, strict=True)
    return {name for rows, field in pairs for name in rows.values_list(field, flat=True)}


def _owned_sizes(names: list[str]) -> set[str]:
    owners = sizes.owners(names)
    found = {
        (model, pk)
        for model in (Picture, Upload)
        for pk in _existing(model, [pk for whose, pk in owners.values() if whose is model])
    }
    return {name for name, owner in owners.items() if owner in found}


def _existing(model: type[Picture] | type[Upload], ids: list[UUID]) -> Iterable[UUID]:
    return model.objects.filter(pk__in=ids).values_list("pk", flat=True)


def _stored(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []  # nothing was ever stored in it


def _remove(name: str) -> bool:
    """One that cannot be looked at or removed is left for tomorrow."""
    try:
        if default_storage.get_modified_time(name) > database_now() - AGE:
            return False
        default_storage.delete(name)
    except OSError as error:
        logger.warning("%s, which no row has, cannot be removed: %s", name, error)
        return False
    logger.info("%s is removed: no row has it", name)
    return True
