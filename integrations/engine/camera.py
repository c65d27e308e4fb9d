"""A pinhole camera above level ground, and the homographies between its picture and the ground.

World axes: X right, Y up from the ground, Z forward, metres; the camera stands above the origin.
Picture axes: u right, v down, pixels, pixel centres at integers; the principal point is the centre.
Source: Hartley & Zisserman, Multiple View Geometry, chapters 6 and 8.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from integrations.engine.rasters import Floats, floats

Matrix = npt.NDArray[np.float64]
FULL_FRAME_WIDTH_MM = 36.0


@dataclass(frozen=True)
class Camera:
    width: int
    height: int
    focal: float  # pixels
    horizon_row: float  # at the centre column
    roll: float = 0.0  # radians, positive: the horizon sinks to the right
    elevation: float = 1.6  # metres above the ground

    @property
    def centre(self) -> tuple[float, float]:
        return (self.width - 1) / 2, (self.height - 1) / 2

    @cached_property
    def pitch(self) -> float:
        """Radians, positive looking down: the horizon is the line at infinity of the ground."""
        rise = (self.centre[1] - self.horizon_row) * np.cos(self.roll)
        return float(np.arctan2(rise, self.focal))

    @cached_property
    def world_from_pixel(self) -> Matrix:
        """3x3: homogeneous pixel to ray direction (right, up, forward)."""
        cx, cy = self.centre
        f = self.focal
        normalise = np.array([[1 / f, 0, -cx / f], [0, 1 / f, -cy / f], [0, 0, 1]])
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        unroll = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
        cos, sin = np.cos(self.pitch), np.sin(self.pitch)
        tilt = np.array([[1, 0, 0], [0, -cos, -sin], [0, -sin, cos]])
        return np.asarray(tilt @ unroll @ normalise)

    @cached_property
    def pixel_from_world(self) -> Matrix:
        """3x3: direction (right, up, forward) to the homogeneous pixel where it vanishes.

        The inverse of `world_from_pixel`, written out: rotations turned back, then the lens.
        """
        f, (cx, cy) = self.focal, self.centre
        c, s = math.cos(self.roll), math.sin(self.roll)
        cos, sin = math.cos(self.pitch), math.sin(self.pitch)
        return np.array(
            [
                [f * c, f * s * cos - cx * sin, f * s * sin + cx * cos],
                [f * s, -f * c * cos - cy * sin, -f * c * sin + cy * cos],
                [0, -sin, cos],
            ]
        )

    def ground_from_pixel(self, level: float = 0.0) -> Matrix:
        """3x3: homogeneous pixel to (X, Z, 1) on the level plane Y = level; w > 0 below horizon."""
        right, up, forward = self.world_from_pixel
        fall = self.elevation - level
        return np.array([fall * right, fall * forward, -up])

    def project(
        self, x: Floats, y: Floats | float, z: Floats | float
    ) -> tuple[Floats, Floats, Floats]:
        """World points to (u, v, depth); points behind the camera have depth <= 0."""
        fall = floats(y) - float(self.elevation)
        rows = self.pixel_from_world.astype(np.float32)
        a, b, depth = (row[0] * x + row[1] * fall + row[2] * z for row in rows)
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        return floats(a / safe), floats(b / safe), floats(depth)


def apply_homography(matrix: Matrix, u: Floats, v: Floats) -> tuple[Floats, Floats, Floats]:
    """(u, v) to (x, y, w), with x and y divided by w."""
    h = matrix.astype(np.float32)
    w = h[2, 0] * u + h[2, 1] * v + h[2, 2]
    safe = np.where(np.abs(w) < 1e-7, 1e-7, w)
    x = (h[0, 0] * u + h[0, 1] * v + h[0, 2]) / safe
    y = (h[1, 0] * u + h[1, 1] * v + h[1, 2]) / safe
    return floats(x), floats(y), floats(w)


def grid_through(matrix: Matrix, u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """(x, y) of each column u with each row v, (rows, columns): quicker than point by point."""
    h = np.asarray(matrix, np.float32)
    u, v = floats(u)[None, :], floats(v)[:, None]
    w = h[2, 0] * u + (h[2, 1] * v + h[2, 2])
    share = 1 / np.where(np.abs(w) < 1e-7, 1e-7, w)  # on the horizon, where nothing is asked
    x, y = (row[0] * u + (row[1] * v + row[2]) for row in h[:2])
    return floats(x * share), floats(y * share)


def focal_pixels(width: int, height: int, focal_35mm: float | None) -> float:
    """Focal length in pixels; without metadata a phone's main camera, 29 mm equivalent."""
    if focal_35mm:
        return focal_35mm / FULL_FRAME_WIDTH_MM * max(width, height)
    return 0.80 * max(width, height)
