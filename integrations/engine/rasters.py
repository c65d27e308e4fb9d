"""Typed doors to the few OpenCV calls the engine makes on rasters.

OpenCV runs on one thread here: callers run one worker a core, and a pool of threads inside each
would only slow the others down and make timings depend on the machine.
"""

import cv2
import numpy as np
import numpy.typing as npt

cv2.setNumThreads(1)

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Indices = npt.NDArray[np.intp]

WIDE = 4.0  # pixels of sigma
FOLD = 16384  # remap takes no side of 32768 or more: lists of points are folded into rows of this


def floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, np.float32)


def blurred(raster: Floats, sigma: float) -> Floats:
    """Gaussian blur; sigma in pixels. A wide one is made on a smaller raster: it looks the same."""
    if sigma < 0.3:
        return raster
    height, width = raster.shape[:2]
    shrink = int(sigma / WIDE)
    if shrink > 1 and min(height, width) > 4 * shrink:
        small = cv2.resize(
            raster, (width // shrink, height // shrink), interpolation=cv2.INTER_AREA
        )
        soft = blurred(floats(small), sigma / shrink)
        return floats(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))
    return floats(cv2.GaussianBlur(raster, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101))


def resized(raster: Floats, width: int, height: int) -> Floats:
    """Area average when shrinking, cubic when growing."""
    shrinks = width < raster.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return floats(cv2.resize(raster, (width, height), interpolation=method))


def largest_part(filled: Bytes) -> Bytes:
    """The largest connected part of a binary raster, its holes left open."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(filled)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if len(stats) > 1 else 1
    return np.asarray(filled * (labels == largest), np.uint8)


def sampled(raster: Floats, x: Floats, y: Floats, border: int = cv2.BORDER_REPLICATE) -> Floats:
    """Bilinear samples of a raster at lists of points, in pixels with pixel centres at integers.

    x, y: shape (n,). Returns (n,) or (n, channels).
    """
    count = x.size
    rows = max(1, -(-count // FOLD))
    padding = rows * FOLD - count if rows > 1 else 0
    columns = FOLD if rows > 1 else count
    if count == 0:
        return np.zeros((0, *raster.shape[2:]), np.float32)
    map_x = np.pad(x, (0, padding)).reshape(rows, columns)
    map_y = np.pad(y, (0, padding)).reshape(rows, columns)
    values = cv2.remap(raster, map_x, map_y, cv2.INTER_LINEAR, borderMode=border)
    return floats(values).reshape(rows * columns, *raster.shape[2:])[:count]
