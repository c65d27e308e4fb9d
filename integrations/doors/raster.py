"""A polygon as pixels."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import ceil

Point = tuple[float, float]
INSIDE = b"\xff"


def filled_polygon(points: Sequence[Point], size: tuple[int, int]) -> bytes:
    """One byte a pixel, row by row: 255 where its centre is inside. Lines that cross leave no hole
    (the nonzero rule), as when static/js/mask/paint.js fills a path."""
    width, height = size
    pixels = bytearray(width * height)
    for row, crossings in _crossings(points, height).items():
        for start, end in _spans(sorted(crossings)):
            start, end = max(start, 0), min(end, width)
            pixels[row * width + start : row * width + end] = INSIDE * max(end - start, 0)
    return bytes(pixels)


def _crossings(points: Sequence[Point], height: int) -> dict[int, list[tuple[float, int]]]:
    """Where the edges cross the middle of each row, and whether downwards (1) or upwards (-1)."""
    rows: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        first, last = max(ceil(min(y0, y1) - 0.5), 0), min(ceil(max(y0, y1) - 0.5), height)
        for row in range(first, last):
            x = x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            rows[row].append((x, 1 if y1 > y0 else -1))
    return rows


def _spans(crossings: list[tuple[float, int]]) -> Iterator[tuple[int, int]]:
    """The columns, from and before, between which a row is inside."""
    columns = [ceil(x - 0.5) for x, _ in crossings]
    windings = list(accumulate(direction for _, direction in crossings))
    for winding, start, end in zip(windings, columns, columns[1:], strict=False):
        if winding:
            yield start, end
