"""Files that are damaged, or whose words about themselves are not true."""

import os
import struct
from collections.abc import Callable

from PIL import Image

from tests.hostile.made import (
    GREY,
    PALETTE,
    PNG,
    chunk,
    deflated,
    exif,
    garden,
    garden_png,
    header,
    heic,
    jpeg_with,
    picture,
    png,
    png_with,
    resized,
    segment,
)  # fmt: skip

BAD, SMALL, EMPTY, LARGE = (
    "image_not_decodable", "image_too_small", "image_empty", "image_too_large",
)  # fmt: skip


def cut(data: bytes, part: float) -> bytes:
    return data[: int(len(data) * part)]


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def palette(index: int, colours: int) -> bytes:
    pixels = deflated(b"\0" + bytes([index]) * 64, 64)
    colour = chunk(b"PLTE", b"\xff\xff\xff" * colours) if colours else b""
    return (
        PNG + header((64, 64), 8, PALETTE) + colour + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def webp() -> bytes:
    return picture("WEBP")


def webp_claiming(size: int) -> bytes:
    data = webp()
    return data[:4] + struct.pack("<I", size) + data[8:]


def noise(seed: bytes) -> bytes:
    return (seed * 4096)[:4096]


def avif(data: bytes = b"") -> bytes:
    return struct.pack(">I", 24) + b"ftypavif" + bytes(4) + b"avifmif1" + data


# An EXIF directory whose entry points at itself, and one that tells four billion values.
LOOP = struct.pack(">HHII", 0x8769, 4, 1, 8) + struct.pack(">I", 8)
HUGE = struct.pack(">HHII", 0x010F, 2, 2**32 - 1, 8) + bytes(4)
UPSIDE = struct.pack(">HHIHH", 0x0112, 3, 1, 99, 0) + bytes(4)

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": (EMPTY, lambda: b""),
    "one_byte": (BAD, lambda: b"\xff"),
    "jpeg_magic_only": (BAD, lambda: b"\xff\xd8\xff"),
    "png_magic_only": (BAD, lambda: PNG),
    "webp_magic_only": (BAD, lambda: b"RIFF\x04\0\0\0WEBP"),
    "nuls": (BAD, lambda: bytes(2**20)),
    "noise": (BAD, lambda: noise(b"\x8f\x01\xd9\x72")),
    "jpeg_cut_in_header": (BAD, lambda: garden()[:60]),
    "jpeg_cut_at_a_quarter": (BAD, lambda: cut(garden(), 0.25)),
    "jpeg_cut_at_half": (BAD, lambda: cut(garden(), 0.5)),
    "jpeg_without_its_end": (BAD, lambda: garden()[:-20]),
    "png_cut_in_header": (BAD, lambda: garden_png()[:20]),
    "png_cut_in_pixels": (BAD, lambda: cut(garden_png(), 0.5)),
    "png_without_end": ("", lambda: garden_png()[:-12]),
    "png_wrong_header_check": (BAD, lambda: flipped(garden_png(), 30)),
    "png_wrong_pixels": ("", lambda: flipped(garden_png(), len(garden_png()) // 2)),
    "png_zero_square": (BAD, lambda: png((0, 0))),
    "png_negative_square": (LARGE, lambda: PNG + header((2**31 + 1,) * 2) + chunk(b"IDAT", b"")),
    "png_bad_palette_index": ("", lambda: palette(200, 2)),
    "png_without_palette": (BAD, lambda: palette(0, 0)),
    "png_depth_3": (BAD, lambda: png((64, 64), 3)),
    "png_colour_type_5": (BAD, lambda: PNG + header((64, 64), 8, 5) + chunk(b"IDAT", b"")),
    "png_interlace_7": (BAD, lambda: png((64, 64), interlace=7)),
    "png_pixels_are_no_zlib": (
        BAD, lambda: PNG + header((64, 64)) + chunk(b"IDAT", b"hello") + chunk(b"IEND", b""),
    ),
    "png_chunk_longer_than_file": (BAD, lambda: PNG + header((64, 64)) + b"\x7f\xff\xff\xffIDAT"),
    "png_too_small": (SMALL, lambda: png((63, 500))),
    "jpeg_zero_square": (BAD, lambda: resized(garden(), (0, 0))),
    "jpeg_told_larger": ("", lambda: resized(garden(), (4000, 3000))),
    "jpeg_without_components": (
        BAD, lambda: b"\xff\xd8" + segment(0xC0, b"\x08\0\x40\0\x40\0") + b"\xff\xd9",
    ),
    "jpeg_12_bit": (
        BAD, lambda: b"\xff\xd8" + segment(0xC1, b"\x0c\0\x40\0\x40\1\1\x11\0") + b"\xff\xd9",
    ),
    "jpeg_icc_garbage": ("", lambda: picture("JPEG", icc_profile=noise(b"icc"))),
    "jpeg_icc_of_another_space": (
        "", lambda: picture("JPEG", icc_profile=noise(b"\0")[:128] + b"CMYKLab " * 64),
    ),
    "png_icc_garbage": ("", lambda: picture("PNG", icc_profile=noise(b"icc"))),
    "exif_garbage": ("", lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + noise(b"exif")))),
    "exif_cut": ("", lambda: jpeg_with(segment(0xE1, b"Exif\0\0MM"))),
    "exif_loop": ("", lambda: jpeg_with(exif(LOOP, 1))),
    "exif_four_billion_values": ("", lambda: jpeg_with(exif(HUGE, 1))),
    "exif_65535_entries": ("", lambda: jpeg_with(exif(HUGE[:12] * 5000, 65535))),
    "exif_orientation_99": ("", lambda: jpeg_with(exif(UPSIDE, 1))),
    "exif_1000_segments": ("", lambda: jpeg_with(*[exif(LOOP, 1)] * 1000)),
    "webp_cut": (BAD, lambda: cut(webp(), 0.6)),
    "webp_claims_four_gigabytes": (BAD, lambda: webp_claiming(2**32 - 2)),
    "webp_claims_nothing": (BAD, lambda: webp_claiming(0)),
    "heic_cut": (BAD, lambda: cut(heic(), 0.7)),
    "heic_header_only": (BAD, lambda: heic()[:40]),
    "heic_garbled": (BAD, lambda: flipped(heic(), heic().index(b"iloc") + 9)),
    "avif_header_only": (BAD, avif),
    "avif_garbage": (BAD, lambda: avif(noise(b"avif"))),
    "bmp_negative_height": (
        BAD, lambda: picture("BMP").replace(struct.pack("<i", 72), struct.pack("<i", -(2**31)), 1),
    ),
    "png_16_bit": ("", lambda: png((64, 64), 16, GREY)),
    "jpeg_cmyk": ("", lambda: picture("JPEG", Image.new("CMYK", (96, 72)))),
    "png_two_headers": ("", lambda: png_with(header((64, 64)))),
    "png_500_odd_chunks": ("", lambda: png_with(*[chunk(b"prVt", os.urandom(64))] * 500)),
}  # fmt: skip
