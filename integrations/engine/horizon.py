"""Where the horizon is, from one photo and the zone painted on its ground.

A sweep over candidate rows adds up log-scores: what is usual of the row and of the zone's depth,
the agreement of the photo's straight lines, the squareness of the zone, and the end of the sky.
docs/engine.md tells what each is worth, and what was tried and left out.
"""

import cv2
import numpy as np

from integrations.engine.camera import Camera, apply_homography
from integrations.engine.peaks import refined_peak
from integrations.engine.rasters import Bytes, Floats, floats, shrunk
from integrations.engine.segments import detect_segments
from integrations.engine.skyline import sky_score
from integrations.engine.squareness import corner_score
from integrations.engine.types import Horizon
from integrations.engine.vanishing import estimate_roll, line_score

ROWS = 64
ANALYSED_SIDE = 960
HIGHEST, LOWEST = -0.10, 0.80  # of the picture's height
USUAL_ROW, ROW_SPREAD = 0.42, 0.11  # of the picture's height
USUAL_DEPTH, DEPTH_SPREAD = 5.0, 0.9  # metres; spread of its logarithm
SHALLOW, DEEP = -1.0, -6.0  # worst log-scores of a zone's depth
GROUND_BELOW = 0.25  # of the picture's height
UNKNOWING = 5.0  # degrees of spread that tell no more than the prior does


def estimate_horizon(photo: Bytes, zone: Bytes, focal: float) -> Horizon:
    """photo: RGB (h, w, 3); zone: (h, w), 0 or 255; focal in pixels."""
    height, width = zone.shape
    scale = min(1.0, ANALYSED_SIDE / max(height, width))
    size = (round(width * scale), round(height * scale))
    picture = shrunk(photo, size)
    small = np.asarray(cv2.resize(zone, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if not small[int(GROUND_BELOW * size[1]) :].any():
        small[:] = 0  # painted on the sky or on a wall: it tells nothing of the ground
    rows = floats(np.linspace(HIGHEST * size[1], _lowest_row(small), ROWS))
    cameras = [Camera(*size, focal * scale, float(row)) for row in rows]
    segments = detect_segments(picture, small)
    roll = estimate_roll(cameras, segments)
    score = _row_score(rows / size[1]) + _depth_score(cameras, small)
    score += line_score(cameras, segments.turned(roll, cameras[0].centre))[0]
    score += corner_score(cameras, small)
    score += sky_score(rows, picture, small) if small.any() else 0
    row = refined_peak(rows, score, int(np.argmax(score)))
    return Horizon(row / scale, roll, round(_confidence(cameras, score), 3))


def _confidence(cameras: list[Camera], score: Floats) -> float:
    """1 where the scores leave one candidate, towards 0 the more degrees they leave open."""
    chance = np.exp(score - score.max())
    chance /= chance.sum()
    pitch = np.degrees([camera.pitch for camera in cameras])
    spread = float(np.sqrt(chance @ (pitch - chance @ pitch) ** 2))
    return float(np.clip(1 - spread / UNKNOWING, 0, 1))


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
