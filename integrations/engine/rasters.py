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


def hypotenuse(x: Floats, y: Floats) -> Floats:
    """Several times as fast as `np.hypot`, which guards against numbers that no metres reach."""
    return floats(np.sqrt(x * x + y * y))


def lengths(vectors: Floats) -> Floats:
    """Of (n, 3), as (n, 1); several times as fast as `np.linalg.norm`."""
    return floats(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)))[:, None]


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


def shrunk(raster: Bytes, size: tuple[int, int]) -> Bytes:
    """Area average, of the size (width, height); halved first where that goes evenly, for halving
    costs next to nothing."""
    height, width = raster.shape[:2]
    if width >= 2 * size[0] and height >= 2 * size[1] and not (width % 2 or height % 2):
        half = cv2.resize(raster, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return shrunk(np.asarray(half, np.uint8), size)
    return np.asarray(cv2.resize(raster, size, interpolation=cv2.INTER_AREA), np.uint8)


def resized(raster: Floats, width: int, height: int) -> Floats:
    """Area average when shrinking, cubic when growing."""
    shrinks = width < raster.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return floats(cv2.resize(raster, (width, height), interpolation=method))


def enlarged(
    raster: Floats | Bytes,
    step: tuple[int, int],
    size: tuple[int, int],
    method: int = cv2.INTER_LINEAR,
) -> Floats:
    """Each cell `step` (down, across) pixels wide, cut to the size (rows, columns)."""
    rows, columns = raster.shape[:2]
    large = cv2.resize(raster, (columns * step[1], rows * step[0]), interpolation=method)
    return floats(large[: size[0], : size[1]])


def largest_part(filled: Bytes) -> Bytes:
    """The largest connected part of a binary raster, its holes left open."""
    if len(cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]) < 2:
        return filled  # told several times as fast as by numbering its pixels
    _, labels, stats, _ = cv2.connectedComponentsWithStats(filled)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if len(stats) > 1 else 1
    return np.asarray(filled * (labels == largest), np.uint8)


def sampled(raster: Floats, x: Floats, y: Floats, border: int = cv2.BORDER_REPLICATE) -> Floats:
    """Bilinear samples of a raster at lists of points, in pixels with pixel centres at integers.

    x, y: shape (n,). Returns (n,) or (n, channels).
    """
    values = np.empty((x.size, *raster.shape[2:]), np.float32)
    whole = x.size // FOLD * FOLD
    for start, stop, side in ((0, whole, FOLD), (whole, x.size, x.size - whole)):
        if start < stop:
            map_x, map_y = (part[start:stop].reshape(-1, side) for part in (x, y))
            rows = values[start:stop].reshape(-1, side, *raster.shape[2:])
            cv2.remap(raster, map_x, map_y, cv2.INTER_LINEAR, dst=rows, borderMode=border)
    return values
