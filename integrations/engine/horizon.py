"""Where the horizon is, from one photo and the zone painted on its ground.

A sweep over candidate rows adds up log-scores: what is usual of the row, of the zone's depth and of
the ground's extent; the agreement of the photo's straight lines; and the squareness of the zone.
"""

import cv2
import numpy as np

from integrations.engine.camera import Camera, apply_homography
from integrations.engine.ground import ground_end
from integrations.engine.peaks import refined_peak
from integrations.engine.rasters import Bytes, Floats, floats
from integrations.engine.segments import detect_segments
from integrations.engine.squareness import corner_score
from integrations.engine.types import Horizon
from integrations.engine.vanishing import estimate_roll, line_score

ROWS = 96
ANALYSED_SIDE = 960
HIGHEST, LOWEST = -0.10, 0.80  # of the picture's height
USUAL_ROW, ROW_SPREAD = 0.45, 0.11  # of the picture's height
USUAL_DEPTH, DEPTH_SPREAD = 6.0, 0.9  # metres; spread of its logarithm
SHALLOW, DEEP = -1.0, -6.0  # worst log-scores of a zone's depth
USUAL_EXTENT, EXTENT_SPREAD = 0.09, 0.12  # of the picture's height, below the horizon
WORST_EXTENT = -3.0  # log-score: trees and hills may look like the ground
GROUND_BELOW = 0.25  # of the picture's height
SQUARE_CONFIDENCE = 0.5  # of a horizon told by four corners alone


def estimate_horizon(photo: Bytes, zone: Bytes, focal: float) -> Horizon:
    """photo: RGB (h, w, 3); zone: (h, w), 0 or 255; focal in pixels."""
    height, width = zone.shape
    scale = min(1.0, ANALYSED_SIDE / max(height, width))
    size = (round(width * scale), round(height * scale))
    picture = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)
    small = np.asarray(cv2.resize(zone, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if not small[int(GROUND_BELOW * size[1]) :].any():
        small[:] = 0  # painted on the sky or on a wall: it tells nothing of the ground
    rows = floats(np.linspace(HIGHEST * size[1], _lowest_row(small), ROWS))
    cameras = [Camera(*size, focal * scale, float(row)) for row in rows]
    segments = detect_segments(picture, small)
    roll = estimate_roll(cameras, segments)
    lines, strength = line_score(cameras, segments.turned(roll, cameras[0].centre))
    corners = corner_score(cameras, small)
    usual = _row_score(rows / size[1]) + _depth_score(cameras, small)
    score = usual + _extent_score(rows / size[1], ground_end(picture, small)) + lines + corners
    row = refined_peak(rows, score, int(np.argmax(score)))
    confidence = max(strength, SQUARE_CONFIDENCE * float(np.ptp(corners) > 1))
    return Horizon(row / scale, roll, round(confidence, 3))


def _lowest_row(zone: Bytes) -> float:
    """The ground lies below the horizon, so the horizon lies above the zone.

    A zone that begins very high was not painted on ground alone: it is cut later, not obeyed here.
    """
    height = zone.shape[0]
    painted = np.flatnonzero(zone.any(axis=1))
    top = float(painted[0]) if painted.size else height
    return float(min(max(top - 0.01 * height, GROUND_BELOW * height), LOWEST * height))


def _row_score(share: Floats) -> Floats:
    return floats(-0.5 * ((share - USUAL_ROW) / ROW_SPREAD) ** 2)


def _depth_score(cameras: list[Camera], zone: Bytes) -> Floats:
    """Log-normal on the depth a horizon implies.

    A shallow zone may just be a narrow one; a very deep one is a horizon set too low.
    """
    painted = np.flatnonzero(zone.any(axis=1))
    if painted.size < 2:
        return np.zeros(len(cameras), np.float32)
    depth = floats([_depth(camera, floats(painted[[0, -1]])) for camera in cameras])
    spread = np.log(np.maximum(depth, 0.05) / USUAL_DEPTH) / DEPTH_SPREAD
    return floats(np.maximum(-0.5 * spread**2, np.where(spread < 0, SHALLOW, DEEP)))


def _depth(camera: Camera, ends: Floats) -> float:
    """Metres of ground between two rows, the farther one first."""
    column = np.full(2, camera.centre[0], np.float32)
    _, z, w = apply_homography(camera.ground_from_pixel(), column, ends)
    return float(z[0] - z[1]) if w[0] > 1e-4 else np.inf


def _extent_score(share: Floats, end: float | None) -> Floats:
    """The ground ends a little below the horizon: farther below before a fence or a house."""
    if end is None:
        return np.zeros_like(share)
    spread = (end - share - USUAL_EXTENT) / EXTENT_SPREAD
    return floats(np.maximum(-0.5 * spread**2, WORST_EXTENT))
