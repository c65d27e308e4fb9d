"""Outlines traced around the zone, in the picture or in the plan."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from integrations.engine.camera import apply_homography
from integrations.engine.framing import continued
from integrations.engine.plan import Plan
from integrations.engine.rasters import Bools, Bytes, Floats, blurred, floats, largest_part, resized
from integrations.engine.shapes import Outline

FINER = 3
MOST_VERTICES = 96
MOST_PARTS = 8
SMALLEST_PART = 0.02  # of the largest: what is smaller is a slip of the brush


def outline_in_picture(zone: Bytes, plan: Plan, level: float, tolerance: float) -> Outline:
    """The zone's contours, simplified in the picture, then laid on the plane Y = level.

    tolerance: pixels. The outline is continued beyond the picture where it touches the frame.
    """
    matrix = plan.from_pixel(level)
    outline = []
    for polygon in _contours(zone, tolerance):
        polygon = continued(polygon, zone.shape, max(zone.shape) / 16)
        s, t, w = apply_homography(matrix, polygon[:, 0], polygon[:, 1])
        if np.all(w > 1e-4):
            outline.append(np.stack([s, t], 1))
    return outline


def outline_in_plan(inside: Bools, plan: Plan, smoothing: float, one_part: bool) -> Outline:
    """The contours of a plan raster, corners rounded to about `smoothing` metres.

    one_part: only the largest part's, which rounding may have parted from the others.
    """
    soft = blurred(floats(inside), smoothing / plan.cell / 2)
    # On finer cells, for the steps of a coarse outline would be seen as waves along its sides.
    fine = resized(soft, FINER * soft.shape[1], FINER * soft.shape[0])
    filled = np.asarray(fine > 0.5).astype(np.uint8)
    filled = largest_part(filled) if one_part else filled
    middle = (FINER - 1) / 2
    found = _contours(filled, tolerance=0.3 * FINER)
    return [floats((polygon - middle) / FINER * plan.cell) for polygon in found]


def _contours(filled: npt.ArrayLike, tolerance: float) -> Outline:
    """Outer and inner contours of a binary raster as polygons, specks left out."""
    found, _ = cv2.findContours(np.asarray(filled, np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = sorted(found, key=cv2.contourArea, reverse=True)[:MOST_PARTS]
    smallest = SMALLEST_PART * cv2.contourArea(found[0]) if found else 0.0
    polygons = []
    for contour in found:
        if cv2.contourArea(contour) > max(smallest, 4):
            polygons.append(floats(_simplified(contour, tolerance)).reshape(-1, 2))
    return polygons


def _simplified(contour: npt.NDArray[Any], tolerance: float) -> Floats:
    """Fewest vertices within the tolerance (Douglas & Peucker), and never too many of them."""
    polygon = cv2.approxPolyDP(contour, tolerance, True)
    while len(polygon) > MOST_VERTICES:
        tolerance *= 1.4
        polygon = cv2.approxPolyDP(contour, tolerance, True)
    return floats(polygon)


def largest_rectangle(inside: Bools, plan: Plan, tolerance: float = 0.001) -> Floats:
    """Corners of a large rectangle along the plan's axes that lies inside the raster, (4, 2).

    The bounding rectangle loses, again and again, the side with the largest share of cells
    outside, until no more than `tolerance` of its cells lie outside.
    """
    rows, columns = np.nonzero(inside)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    while top < bottom and left < right:
        part = inside[top : bottom + 1, left : right + 1]
        if part.mean() >= 1 - tolerance:
            break
        filled = [part[0].mean(), part[-1].mean(), part[:, 0].mean(), part[:, -1].mean()]
        side = int(np.argmin(filled))
        top, bottom = top + (side == 0), bottom - (side == 1)
        left, right = left + (side == 2), right - (side == 3)
    corners = floats([[left, top], [right, top], [right, bottom], [left, bottom]])
    return corners * plan.cell


def polygon_area(polygon: Floats) -> float:
    """Shoelace formula; square metres."""
    following = np.roll(polygon, -1, axis=0)
    return abs(float(np.sum(polygon[:, 0] * following[:, 1] - polygon[:, 1] * following[:, 0]))) / 2


def largest_cosine(polygon: Floats) -> float:
    """0 for a rectangle, towards 1 the more its most skewed corner is off a right angle."""
    side = np.roll(polygon, -1, axis=0) - polygon
    side = side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    return float(np.abs(np.sum(side * np.roll(side, -1, axis=0), axis=1)).max())
