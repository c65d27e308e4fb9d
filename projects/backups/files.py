"""The files that the database names: photos, zones, pictures, logos. They are never changed once
written, so that any later copy of the storage has those of an earlier database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, Model

MANY = 2000


class Named(NamedTuple):
    """A file of a row; `size` in bytes and `sha256` where the row knows them."""

    name: str
    size: int | None
    sha256: str

    @property
    def line(self) -> str:
        return f"{self.name}\t{'' if self.size is None else self.size}\t{self.sha256}\n"


def named() -> Iterator[Named]:
    """Of every table that has files; one that was erased is named no more."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, FileField):
                yield from _of(model, field)


def write_manifest(target: Path) -> int:
    """A line for each: name, size, sha256, with tabs between. How many there are."""
    count = 0
    with target.open("w", encoding="utf-8") as manifest:
        for each in named():
            manifest.write(each.line)
            count += 1
    return count


def missing() -> Iterator[str]:
    """Names of files that the storage has not, or not whole."""
    for each in named():
        if not _is_there(each):
            yield each.name


def _of(model: type[Model], field: Any) -> Iterator[Named]:
    rows = model._base_manager.exclude(**{field.name: ""}).exclude(**{field.name: None})
    # Size and digest of a row are those of its `file`.
    knows = field.name == "file" and {"size", "sha256"} <= {f.name for f in model._meta.fields}
    facts = (field.name, *(("size", "sha256") if knows else ()))
    for name, *known in rows.values_list(*facts).iterator(chunk_size=MANY):
        yield Named(name, *(known or (None, "")))


def _is_there(each: Named) -> bool:
    try:
        size = default_storage.size(each.name)
    except FileNotFoundError:
        return False
    return each.size in (None, size)
