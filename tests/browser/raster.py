"""What a zone is, by arithmetic alone: which pixels have their centre inside."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def raster(operations: list[dict[str, Any]], width: int, height: int) -> Mask:
    zone = np.zeros((height, width), bool)
    for operation in operations:
        if operation["t"] == "c" or operation.get("a"):
            zone[:] = False
        if operation["t"] == "i":
            zone = ~zone
        if operation["t"] in "fs":
            shape = (
                filled(operation, zone.shape) if operation["t"] == "f" else stroked(operation, zone)
            )
            zone = zone & ~shape if operation.get("x") else zone | shape
    return zone


def filled(operation: dict[str, Any], shape: tuple[int, ...]) -> Mask:
    """By winding numbers: how often the path goes round a pixel."""
    x, y = centres(shape)
    winding = np.zeros(shape, int)
    corners = pairs(operation)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, 0), strict=True):
        left_of = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        winding += (y0 <= y) & (y < y1) & (left_of > 0)
        winding -= (y1 <= y) & (y < y0) & (left_of < 0)
    return winding != 0


def stroked(operation: dict[str, Any], zone: Mask) -> Mask:
    return distance(pairs(operation), zone.shape, closed=False) <= operation["r"]


def edges(operations: list[dict[str, Any]], shape: tuple[int, ...]) -> Numbers:
    """How far each pixel is from the nearest edge of any of the shapes."""
    nearest = np.full(shape, np.inf)
    for operation in operations:
        if operation["t"] in "fs":
            far = distance(pairs(operation), shape, closed=operation["t"] == "f")
            nearest = np.minimum(nearest, np.abs(far - operation.get("r", 0)))
    return nearest


def distance(points: Numbers, shape: tuple[int, ...], *, closed: bool) -> Numbers:
    """Of each pixel's centre from a path."""
    x, y = centres(shape)
    path = np.vstack([points, points[:1]]) if closed or len(points) == 1 else points
    nearest = np.full(shape, np.inf)
    for (x0, y0), (x1, y1) in pairwise(path):
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, 1e-9)
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / length, 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - x0 - along * dx, y - y0 - along * dy))
    return nearest


def centres(shape: tuple[int, ...]) -> tuple[Numbers, Numbers]:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    return x, y


def pairs(operation: dict[str, Any]) -> Numbers:
    return np.array(operation["p"], float).reshape(-1, 2)
