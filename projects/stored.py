"""What the storage has of a row."""

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile


def read(stored: FieldFile) -> bytes:
    """All of it, by a handle of its own: rows keep the one that they open. FileNotFoundError when
    it is gone, or when there never was one."""
    if not stored.name:
        raise FileNotFoundError("the row has no file")
    with default_storage.open(stored.name) as opened:
        data: bytes = opened.read()
    return data
