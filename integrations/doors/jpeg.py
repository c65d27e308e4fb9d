"""How often a JPEG draws over itself, without decoding it."""

import re

SCAN, END = b"\xff\xda", b"\xff\xd9"
# Neither a stuffed byte nor a restart, which stand within a scan.
MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")


def has_more_scans(data: bytes, most: int) -> bool:
    """A hundred bytes are a scan, and each is decoded over all pixels: a small file could keep a
    processor busy for an hour. What follows the picture's end does not count."""
    scans, place = 0, 2
    while scans <= most and (found := MARKER.search(data, place)) and found[0] != END:
        scans += found[0] == SCAN
        place = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans > most
