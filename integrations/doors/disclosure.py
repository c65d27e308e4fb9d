"""What a picture file says of itself to machines: that a part of it was made by AI.

The term is IPTC's for a photo with a zone that a model made ("inpainting"):
https://cv.iptc.org/newscodes/digitalsourcetype/. It stands in an XMP packet (ISO 16684-1), which is
set into the file's own structure: no pixel is touched.
"""

import struct
import zlib
from collections.abc import Iterator

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
CREDIT = "Image produite par IA / AI-generated image"
PACKET = f"""<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"
 photoshop:Credit="{CREDIT}"
 xmp:CreatorTool="Parterre, iacrea Création d’Extérieur"/>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
APP1, SCAN = 0xE1, 0xDA
JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
# Of a PNG: keyword, not compressed, no language, no translated keyword.
PNG_XMP = b"XML:com.adobe.xmp\0\0\0\0\0"
# Bits of a WebP's VP8X chunk.
WEBP_XMP, WEBP_ALPHA = 0x04, 0x10


def disclosed(data: bytes) -> bytes:
    """The same JPEG, PNG or WebP with our packet in place of the one that it may have had.
    ValueError for what is none of them."""
    if data.startswith(JPEG):
        return _jpeg(data)
    if data.startswith(PNG):
        return _png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise ValueError("metadata are written into JPEG, PNG and WebP only")


# --- JPEG: segments, up to the first scan


def _jpeg(data: bytes) -> bytes:
    """Behind JFIF's and Exif's own, which have to come first."""
    head, place = [], 2
    for kind, start, end in _segments(data):
        segment, place = data[start:end], end
        if not (kind == APP1 and segment[4:].startswith(JPEG_XMP)):
            head.append((kind, segment))
    first = [one for kind, one in head if kind == 0xE0 or one[4:8] == b"Exif"]
    rest = [one for kind, one in head if not (kind == 0xE0 or one[4:8] == b"Exif")]
    body = JPEG_XMP + PACKET
    ours = struct.pack(">BBH", 0xFF, APP1, len(body) + 2) + body
    return b"".join([JPEG, *first, ours, *rest, data[place:]])


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each before the first scan."""
    place = 2
    while data[place : place + 1] == b"\xff" and place + 4 <= len(data):
        kind = data[place + 1]
        if kind == 0xFF:  # fill bytes before a marker
            place += 1
            continue
        if kind == SCAN:
            return
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        yield kind, place, end
        place = end


# --- PNG: chunks


def _png(data: bytes) -> bytes:
    """Right behind the header."""
    kept = [(kind, chunk) for kind, chunk in _png_chunks(data) if not _is_xmp(kind, chunk)]
    body = b"iTXt" + PNG_XMP + PACKET
    ours = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    chunks = [chunk for _kind, chunk in kept]
    return b"".join([PNG, *chunks[:1], ours, *chunks[1:]])


def _is_xmp(kind: bytes, chunk: bytes) -> bool:
    return kind == b"iTXt" and chunk[8:].startswith(b"XML:com.adobe.xmp\0")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind, and all of it; what hangs behind the last comes with it."""
    place = len(PNG)
    while place < len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind = data[place + 4 : place + 8]
        end = len(data) if kind == b"IEND" else end
        yield kind, data[place:end]
        place = end


# --- WebP: a RIFF whose first chunk tells what else is in it


def _webp(data: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in _webp_chunks(data) if kind != b"XMP "]
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _extension(*chunks[0])))
    flags, rest = chunks[0][1][0], chunks[0][1][1:]
    chunks[0] = (b"VP8X", bytes([flags | WEBP_XMP]) + rest)
    chunks.append((b"XMP ", PACKET))
    whole = b"WEBP" + b"".join(_webp_chunk(kind, body) for kind, body in chunks)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _extension(kind: bytes, body: bytes) -> bytes:
    """A VP8X body for a file that had none: flags, and the size less one in 24 bits each."""
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    else:
        sizes = struct.unpack("<HH", body[6:10])
        (width, height), alpha = (((each & 0x3FFF) - 1) for each in sizes), 0
    flags = WEBP_ALPHA if alpha else 0
    return struct.pack("<I", flags) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
