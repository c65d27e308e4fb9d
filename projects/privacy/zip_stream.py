"""A zip that is sent while it is made: neither memory nor the disk ever holds it."""

from collections.abc import Callable, Iterable, Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

# What is collected before it is sent: a row of JSON is no packet.
CHUNK = 256 * 1024
# A name, and what gives its bytes; FileNotFoundError when there are none (any more).
Entry = tuple[str, Callable[[], Iterable[bytes]]]
MISSING = "missing.txt"


class _Outgoing(RawIOBase):
    """What ZipFile writes to. It cannot seek, so that each file's size follows it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts, self.size = [], 0
        return data


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """What is not there is named in a last entry."""
    outgoing, missing = _Outgoing(), list[str]()
    with ZipFile(outgoing, "w") as archive:
        for name, give in entries:
            try:
                pieces = give()
            except FileNotFoundError:
                missing.append(name)
                continue
            yield from _sent(archive, outgoing, name, pieces)
        if missing:
            yield from _sent(archive, outgoing, MISSING, ["\n".join(missing).encode()])
    yield outgoing.taken()


def _sent(
    archive: ZipFile, outgoing: _Outgoing, name: str, pieces: Iterable[bytes]
) -> Iterator[bytes]:
    with archive.open(_info(name), "w") as file:
        for piece in pieces:
            file.write(piece)
            if outgoing.size >= CHUNK:
                yield outgoing.taken()


def _info(name: str) -> ZipInfo:
    """Pictures do not get smaller."""
    info = ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if name.endswith(".json") else ZIP_STORED
    return info
