"""Pictures that nobody draws: a quick one for each job, and one that is too large to open."""

import io
import struct
import zlib
from functools import cache
from hashlib import sha384

from PIL import Image

LARGEST = (96, 72)
TILES = (4, 4)  # three bytes each: a SHA-384


def mosaic(generation_id: str, width: int | None, height: int | None) -> bytes:
    """A small PNG that no other job has, of the told size where that is smaller still."""
    size = (min(width or LARGEST[0], LARGEST[0]), min(height or LARGEST[1], LARGEST[1]))
    tiles = Image.frombytes("RGB", TILES, sha384(generation_id.encode()).digest())
    out = io.BytesIO()
    tiles.resize(size, Image.Resampling.NEAREST).save(out, "PNG", compress_level=1)
    return out.getvalue()


@cache
def bomb(side: int) -> bytes:
    """A valid PNG of `side` × `side` black pixels; Pillow would first need all their memory."""
    row = bytes(1 + (side + 7) // 8)  # its filter, and one bit a pixel
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
