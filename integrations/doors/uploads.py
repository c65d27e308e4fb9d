"""Files that browsers send."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from integrations.doors.images import MAX_BYTES


class AtMostAPhoto(FileUploadHandler):
    """Keeps one byte more of a file than may be in it, which is enough to refuse it: whoever sends
    more, signed in or not, fills no disk."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        left = MAX_BYTES + 1 - start
        return raw_data[:left] if left > 0 else None

    def file_complete(self, file_size: int) -> Any:
        """The next handlers, which keep the bytes, make the file."""
        return None
