"""How square the corners of a painted quadrilateral are on the ground: people draw rectangles."""

import cv2
import numpy as np

from integrations.engine.camera import Camera, apply_homography
from integrations.engine.rasters import Bytes, Floats, floats

DEVIATION = 8.0  # degrees off a right angle that a hand-drawn corner has
WORST = -8.0  # log-score


def corner_score(cameras: list[Camera], zone: Bytes) -> Floats:
    """Log-score of each candidate camera, (n,); all 0 if the zone has not four corners."""
    corners = _four_corners(zone)
    if corners is None:
        return np.zeros(len(cameras), np.float32)
    skew = floats([_skew(camera, corners) for camera in cameras])
    return floats(np.maximum(-0.5 * (skew / DEVIATION) ** 2, WORST))


def _four_corners(zone: Bytes) -> Floats | None:
    """The zone's corners if it is a quadrilateral that does not touch the picture's border."""
    contours, _ = cv2.findContours(zone, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    contour = max(contours, key=cv2.contourArea)
    polygon = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True).reshape(-1, 2)
    height, width = zone.shape
    inside = np.all((polygon > 1) & (polygon < [width - 2, height - 2]))
    return floats(polygon) if len(polygon) == 4 and inside else None


def _skew(camera: Camera, corners: Floats) -> float:
    """Mean deviation of the corners from a right angle once on the ground, degrees."""
    x, z, w = apply_homography(camera.ground_from_pixel(), corners[:, 0], corners[:, 1])
    if np.any(w <= 1e-4):
        return 90.0
    sides = np.roll(np.stack([x, z], 1), -1, axis=0) - np.stack([x, z], 1)
    sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-6)
    cosines = np.sum(sides * np.roll(sides, -1, axis=0), axis=1)
    return float(np.degrees(np.abs(np.arcsin(np.clip(cosines, -1, 1)))).mean())
