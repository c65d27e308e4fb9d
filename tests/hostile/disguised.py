"""Files that are two things at once, or another than they say; and what a picture may carry."""

import struct
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from PIL import Image, PngImagePlugin

from tests.hostile.made import (
    PAYLOAD,
    chunk,
    garden,
    garden_png,
    heic,
    jpeg_with,
    picture,
    png_with,
    segment,
)  # fmt: skip

BAD = "image_not_decodable"
GPS, MAKER, ARTIST, COMMENT = 0x8825, 0x927C, 0x013B, 0x9286
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!DOCTYPE a [<!ENTITY b "%s">]>&b;</x:xmpmeta>' % PAYLOAD
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">%s</svg>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def zipped() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("index.php", PAYLOAD)
    return out.getvalue()


def with_exif(kind: str) -> bytes:
    tags = Image.Exif()
    tags[ARTIST] = PAYLOAD.decode()
    tags.get_ifd(0x8769)[MAKER] = PAYLOAD
    tags.get_ifd(0x8769)[COMMENT] = PAYLOAD
    tags.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 7.0)})
    return picture(kind, exif=tags)


def with_text() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", PAYLOAD.decode())
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return picture("PNG", pnginfo=told)


def riff_with(name: bytes, data: bytes) -> bytes:
    """A WebP with one more part behind it."""
    data += bytes(len(data) % 2)
    body = picture("WEBP")[8:] + name + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_with_more() -> bytes:
    return heic() + struct.pack(">I", 8 + len(PAYLOAD)) + b"free" + PAYLOAD


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "php_after_jpeg": ("", lambda: garden() + PAYLOAD),
    "php_after_png": ("", lambda: garden_png() + PAYLOAD),
    "php_in_jpeg_comment": ("", lambda: jpeg_with(segment(0xFE, PAYLOAD))),
    "php_in_png_text": ("", with_text),
    "php_in_png_private_chunk": ("", lambda: png_with(chunk(b"phPs", PAYLOAD))),
    "php_in_palette": ("", lambda: png_with(chunk(b"PLTE", PAYLOAD[:54]), colour=2)),
    "php_in_icc": ("", lambda: picture("JPEG", icc_profile=PAYLOAD * 9)),
    "php_in_webp_part": ("", lambda: riff_with(b"PHPS", PAYLOAD)),
    "xmp_with_entity_in_webp": ("", lambda: picture("WEBP", xmp=XMP)),
    "xmp_with_entity_in_jpeg": (
        "", lambda: jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
    ),
    "gps_in_jpeg": ("", lambda: with_exif("JPEG")),
    "gps_in_png": ("", lambda: with_exif("PNG")),
    "gps_in_webp": ("", lambda: with_exif("WEBP")),
    "php_after_heic": ("", heic_with_more),
    "jpeg_and_zip": ("", lambda: garden() + zipped()),
    "png_and_zip": ("", lambda: garden_png() + zipped()),
    "jpeg_and_pdf": ("", lambda: jpeg_with(segment(0xFE, b"%PDF-1.7\n" + PAYLOAD)) + b"%%EOF"),
    "jpeg_and_html": ("", lambda: jpeg_with(segment(0xFE, b"<html>" + PAYLOAD))),
    "jpeg_and_another": ("", lambda: garden() + picture("JPEG", comment=PAYLOAD)),
    "pdf_and_jpeg": (BAD, lambda: b"%PDF-1.7\n" + PAYLOAD + garden()),
    "zip_and_jpeg": (BAD, lambda: zipped() + garden()),
    "html_and_jpeg": (BAD, lambda: b"<html>" + PAYLOAD + garden()),
    "html_in_gif": (BAD, lambda: b"GIF89a/*" + PAYLOAD + b"*/=1;"),
    "gif_and_html": (BAD, lambda: picture("GIF") + PAYLOAD),
    "svg_with_script": (BAD, lambda: SVG % PAYLOAD),
    "svg_with_external_entity": (BAD, lambda: ENTITY + SVG % b"&x;"),
    "svg_with_external_image": (BAD, lambda: SVG % b'<image href="http://127.0.0.1/"/>'),
    "png_magic_on_svg": (BAD, lambda: b"\x89PNG\r\n\x1a\n" + SVG % PAYLOAD),
    "jpeg_magic_on_php": (BAD, lambda: b"\xff\xd8\xff\xe0" + PAYLOAD),
    "heic_magic_on_php": (BAD, lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + PAYLOAD),
    "webp_magic_on_php": (BAD, lambda: b"RIFF\x40\0\0\0WEBPVP8 " + PAYLOAD),
    "pdf": (BAD, lambda: b"%PDF-1.7\n" + PAYLOAD),
    "postscript": (BAD, lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(x) run\n"),
    "windows_program": (BAD, lambda: b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + PAYLOAD),
    "linux_program": (BAD, lambda: b"\x7fELF\x02\x01\x01" + PAYLOAD),
    "shell_script": (BAD, lambda: b"#!/bin/sh\ncat /etc/passwd\n"),
    "imagemagick_script": (BAD, lambda: b"push graphic-context\nimage over 0,0 0,0 'https://x'\n"),
    "playlist": (BAD, lambda: b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"),
    "mp4": (BAD, lambda: b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + PAYLOAD),
    "icon": (BAD, lambda: picture("ICO")),
    "xbm": (BAD, lambda: b"#define a_width 96\n#define a_height 72\nstatic char a_bits[] = {0};"),
    "targa": (BAD, lambda: picture("TGA")),
    "jpeg_2000": (BAD, lambda: picture("JPEG2000")),
}  # fmt: skip
