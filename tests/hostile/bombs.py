"""Small files that want much: pixels, memory or time."""

import gzip
import struct
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from integrations.doors.images import MAX_BYTES
from tests.hostile import made
from tests.hostile.made import GREY, RGB, RGBA, chunk, garden, header, heic, picture, png, png_with


def frames(kind: str, count: int) -> bytes:
    pictures = [Image.new("RGB", (64, 64), (255, 255 - n % 50, 255)) for n in range(count)]
    rest = {"save_all": True, "append_images": pictures[1:]}
    return picture(kind, pictures[0], **rest)


def header_only(size: made.Size) -> bytes:
    return made.PNG + header(size) + chunk(b"IDAT", b"")


def endless() -> bytes:
    rows = made.deflated((b"\0" + b"\xff" * 64) * 10_000, 300)
    return made.PNG + header((64, 64)) + chunk(b"IDAT", rows)


def tiff() -> bytes:
    return picture("TIFF", Image.new("1", (20_000, 20_000)), compression="group4")


def zip_bomb() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(50 * 2**20))
    return out.getvalue()


def large_heic() -> bytes:
    """Its boxes tell a size of 65535 × 65535."""
    data = heic()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", 65535, 65535) + data[at + 8 :]


def large_webp() -> bytes:
    side = (16383 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + side * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


def packed_text(kind: bytes) -> bytes:
    keys = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"k\0\0"}
    return chunk(kind, keys[kind] + made.megabytes_of_zeros(200))


def texts() -> list[bytes]:
    part = chunk(b"zTXt", b"k\0\0" + made.megabytes_of_zeros(1)[:-4])
    return [part] * 200


# The code that says why it is refused; none where it is a picture all the same.
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "png_65535_square_header": ("image_too_large", lambda: header_only((65535, 65535))),
    "png_largest_header": ("image_too_large", lambda: header_only((2**31 - 1, 2**31 - 1))),
    "png_400_megapixels": ("image_too_large", lambda: png((20_000, 20_000), 1)),
    "png_just_above": ("image_too_large", lambda: png((8000, 8001), 1)),
    "png_64_megapixels_rgba": ("", lambda: png((8000, 8000), 8, RGBA, fill=b"\xf0")),
    "png_64_megapixels_16_bit": ("", lambda: png((8000, 8000), 16, GREY)),
    "png_64_megapixels_rgb_16_bit": ("", lambda: png((8000, 8000), 16, RGB)),
    "png_interlaced_bomb": ("image_too_large", lambda: png((30_000, 30_000), 1, interlace=1)),
    "png_strip": ("image_too_small", lambda: png((1, 1_000_000), 1)),
    "png_long_strip": ("image_too_small", lambda: png((900_000, 64), 1)),
    "png_ztxt_bomb": ("image_not_decodable", lambda: png_with(packed_text(b"zTXt"))),
    "png_itxt_bomb": ("image_not_decodable", lambda: png_with(packed_text(b"iTXt"))),
    "png_iccp_bomb": ("image_not_decodable", lambda: png_with(packed_text(b"iCCP"))),
    "png_many_texts": ("image_not_decodable", lambda: png_with(*texts())),
    "png_pixels_without_end": ("", endless),
    "apng_2000_frames": ("", lambda: frames("PNG", 2000)),
    "webp_500_frames": ("", lambda: frames("WEBP", 500)),
    "webp_268_megapixels": ("image_too_large", large_webp),
    "gif_500_frames": ("image_not_decodable", lambda: frames("GIF", 500)),
    "gif_65535_square": (
        "image_not_decodable",
        lambda: b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b";",
    ),
    "tiff_huge": ("image_not_decodable", lambda: tiff()),
    "jpeg_65500_square": ("image_too_large", lambda: made.resized(garden(), (65500, 65500))),
    "jpeg_64_megapixels_cmyk": ("", lambda: picture("JPEG", Image.new("CMYK", (8000, 8000)))),
    "jpeg_a_thousand_scans": ("image_not_decodable", lambda: made.progressive((8000, 8000), 1000)),
    "jpeg_hidden_scans": (
        "image_not_decodable",
        lambda: made.progressive((8000, 8000), 50)[:-2]
        + made.segment(0xFE, b"\xff\xd9")
        + made.progressive((8000, 8000), 1000).partition(b"\xff\xda")[2],
    ),
    "mpo_50_pictures": ("", lambda: frames("MPO", 50)),
    "heic_told_larger": ("image_too_large", large_heic),
    "gzip_bomb": ("image_not_decodable", lambda: gzip.compress(bytes(50 * 2**20))),
    "zip_bomb": ("image_not_decodable", zip_bomb),
    "above_40_megabytes": ("image_too_large", lambda: garden() + bytes(MAX_BYTES)),
    "40_megabytes_of_zeros": ("image_not_decodable", lambda: bytes(MAX_BYTES)),
}  # fmt: skip
