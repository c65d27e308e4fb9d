"""How square the corners of a painted polygon are on the ground: people mean rectangles.

A hand strays by some pixels, which far away turn a corner by many degrees and near by few: the
straying is carried to the ground for each candidate camera (linear propagation of covariance,
Hartley & Zisserman, 5.2). A zone may be drawn foreshortened out of habit, as for another horizon,
or never have been meant square: both cost a price.
"""

import cv2
import numpy as np
import numpy.typing as npt

from integrations.engine.camera import Camera
from integrations.engine.rasters import Bytes, Floats, floats

Doubles = npt.NDArray[np.float64]

STRAYING = 0.0075  # of the picture's width: how far a hand puts a corner beside its place
DEVIATION = 3.0  # degrees off a right angle that real corners have
SKEWED = 30.0  # degrees of a zone that was not meant square
MEANT_SQUARE = 0.2  # probability
FORESHORTENED = 0.7  # probability of sides that converge by habit, towards no horizon of the photo
WORST = -4.5  # log-score: careless quadrilaterals are drawn, too
STRAIGHT = 0.92  # of the zone's area within its corners: an ellipse has none to tell of
MOST_CORNERS, FEWEST_CORNERS = 6, 3  # of the outline; of those inside the picture


def corner_score(cameras: list[Camera], zone: Bytes) -> Floats:
    """Log-score of each candidate camera, (n,), 0 at best; all 0 where no corners are seen.

    zone: (h, w), 0 or 255.
    """
    polygon = _corners(zone)
    seen = np.flatnonzero(_inside(polygon, zone))
    whole = len(seen) == len(polygon)
    if len(seen) < FEWEST_CORNERS or len(polygon) > (4 if whole else MOST_CORNERS):
        return np.zeros(len(cameras), np.float32)
    ground = np.stack([camera.ground_from_pixel() for camera in cameras])
    skew, ahead = _skew(ground, polygon[None], seen)
    moved, _ = _skew(ground, _nudged(polygon), seen)
    change = moved - skew
    strayed = (STRAYING * zone.shape[1]) ** 2 * np.einsum("npi,npj->nij", change, change)
    straight = strayed + DEVIATION**2 * np.eye(len(seen))
    meant = (
        (MEANT_SQUARE, straight),
        (FORESHORTENED, straight + SKEWED**2 * _bend(skew[:, 0])),
        (1 - MEANT_SQUARE - FORESHORTENED, straight + SKEWED**2 * np.eye(len(seen))),
    )
    score = np.logaddexp.reduce(
        [np.log(share) + _log_normal(skew[:, 0], covariance) for share, covariance in meant]
    )
    score = np.where(ahead, score, score.min())
    return floats(np.maximum(score - score.max(), WORST))


def _bend(skew: Doubles) -> Doubles:
    """Covariance of skews (n, k) that another row would square, of unit length; (n, k, k).

    A row that squares a zone is no coincidence where its sides just happen to converge.
    """
    change = np.gradient(skew, axis=0)
    change /= np.maximum(np.linalg.norm(change, axis=1, keepdims=True), 1e-9)
    return np.asarray(change[:, :, None] * change[:, None, :])


def _corners(zone: Bytes) -> Doubles:
    """Corners of the largest part's outline, pixels, (m, 2); none if its sides are bent."""
    contours, _ = cv2.findContours(zone, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return np.zeros((0, 2))
    contour = max(contours, key=cv2.contourArea)
    polygon = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
    straight = cv2.contourArea(polygon) >= STRAIGHT * cv2.contourArea(contour)
    return np.asarray(polygon.reshape(-1, 2) if straight else np.zeros((0, 2)), np.float64)


def _inside(polygon: Doubles, zone: Bytes) -> npt.NDArray[np.bool_]:
    """Which corners are the zone's own and not the picture's border's."""
    height, width = zone.shape
    return np.asarray(np.all((polygon > 1) & (polygon < [width - 2, height - 2]), axis=1))


def _nudged(polygon: Doubles) -> Doubles:
    """The polygon with one coordinate of one corner moved by a pixel, for each, (2m, m, 2)."""
    steps = np.eye(polygon.size).reshape(-1, *polygon.shape)
    return np.asarray(polygon[None] + steps)


def _skew(
    ground: Doubles, polygons: Doubles, seen: npt.NDArray[np.intp]
) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    """Degrees off a right angle of the seen corners once on the ground, (n, polygons, seen).

    ground: homographies, (n, 3, 3). Also whether each camera has all of it before it, (n,).
    """
    points = np.concatenate([polygons, np.ones((*polygons.shape[:2], 1))], axis=2)
    x, z, w = np.moveaxis(np.einsum("nij,pmj->npmi", ground, points), 3, 0)
    safe = np.where(np.abs(w) < 1e-6, 1e-6, w)
    corner = np.stack([x / safe, z / safe], axis=3)
    side = np.roll(corner, -1, axis=2) - corner
    side /= np.maximum(np.linalg.norm(side, axis=3, keepdims=True), 1e-9)
    cosine = np.sum(side * np.roll(side, 1, axis=2), axis=3)
    skew = np.degrees(np.arcsin(np.clip(cosine, -1, 1)))
    return np.asarray(skew[:, :, seen]), np.asarray((w > 1e-4).all(axis=(1, 2)))


def _log_normal(values: Doubles, covariance: Doubles) -> Doubles:
    """Log-density of a centred normal up to a constant; (n, k) under (n, k, k)."""
    squared = np.einsum("ni,nij,nj->n", values, np.linalg.inv(covariance), values)
    return np.asarray(-0.5 * (squared + np.linalg.slogdet(covariance)[1]))
