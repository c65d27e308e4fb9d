"""What hostile files are made of: chunks, segments, and pictures to begin with."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image

from tests.conftest import mask_bytes, photo_bytes

# Stands in each file that carries something: nothing that is kept may have it.
PAYLOAD = b"<?php /* hostile payload */ ?><script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, RGBA = 0, 2, 3, 6
Size = tuple[int, int]


def picture(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """White enough to be a mask as well."""
    out = BytesIO()
    (image or Image.new("RGB", (96, 72), (240, 240, 240))).save(out, kind, **options)
    return out.getvalue()


def heic() -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(Image.open(BytesIO(photo_bytes()))).save(out)
    return out.getvalue()


def garden() -> bytes:
    return photo_bytes()


def garden_png() -> bytes:
    return mask_bytes()


def chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def header(size: Size, depth: int = 8, colour: int = GREY, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlace))


def png(
    size: Size, depth: int = 8, colour: int = GREY, *, fill: bytes = b"\xff", **kind: Any
) -> bytes:
    """One colour, however large: a row is made once."""
    samples = {GREY: 1, RGB: 3, PALETTE: 1, RGBA: 4}[colour]
    row = b"\0" + fill * -(-size[0] * depth * samples // 8)
    body = header(size, depth, colour, **kind) + chunk(b"IDAT", deflated(row, size[1]))
    return PNG + body + chunk(b"IEND", b"")


def png_with(*chunks: bytes, size: Size = (64, 64), colour: int = GREY) -> bytes:
    """Chunks between the header and the pixels of a good one."""
    whole = png(size, colour=colour)
    end = len(PNG) + 25
    return whole[:end] + b"".join(chunks) + whole[end:]


def deflated(part: bytes, times: int) -> bytes:
    """A bomb of any size, in little memory."""
    packer = zlib.compressobj(1)
    return b"".join([*(packer.compress(part) for _ in range(times)), packer.flush()])


def megabytes_of_zeros(count: int) -> bytes:
    return deflated(bytes(2**20), count)


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes) -> bytes:
    """Segments at the beginning of a good one."""
    whole = garden()
    return whole[:2] + b"".join(segments) + whole[2:]


def resized(jpeg: bytes, size: Size) -> bytes:
    """With another size in the header than its pixels have."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", size[1], size[0]) + jpeg[at + 4 :]


def exif(entries: bytes, count: int) -> bytes:
    """An APP1 segment: a directory of `count` entries of 12 bytes."""
    directory = struct.pack(">H", count) + entries
    return segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + directory)


def progressive(size: Size, scans: int) -> bytes:
    """As many scans as that over all pixels, each of a hundred bytes."""
    blocks = (size[0] // 8) * (size[1] // 8)
    runs = -(-blocks // 32767)
    bits = ("0" + "1" * 14) * runs
    packed = int(bits + "1" * (-len(bits) % 8), 2).to_bytes(-(-len(bits) // 8))
    again = segment(0xDA, b"\1\1\0\1\x3f\0") + packed.replace(b"\xff", b"\xff\0")
    return b"".join(_progressive_head(size, blocks)) + again * scans + b"\xff\xd9"


def _progressive_head(size: Size, blocks: int) -> Iterator[bytes]:
    one_code = bytes([1, *[0] * 15])
    yield b"\xff\xd8" + segment(0xDB, b"\0" + bytes([1] * 64))
    yield segment(0xC2, struct.pack(">BHHB", 8, size[1], size[0], 1) + b"\1\x11\0")
    yield segment(0xC4, b"\x00" + one_code + b"\0") + segment(0xC4, b"\x10" + one_code + b"\xe0")
    yield segment(0xDA, b"\1\1\0\0\0\0") + bytes(-(-blocks // 8))
