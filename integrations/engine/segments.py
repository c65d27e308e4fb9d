"""Straight line segments of a photo, weighted by how much they tell of its perspective."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from integrations.engine.rasters import Bytes, Floats, floats

LONGEST = 220
GREENISH = 121  # Lab a below this is foliage, whose edges point anywhere


@dataclass(frozen=True)
class Segments:
    """Midpoints and unit directions, pixels, shape (n, 2); weights, shape (n,)."""

    middle: Floats
    direction: Floats
    weight: Floats

    @cached_property
    def across(self) -> Floats:
        """(3, n): their products with (x, y, w) are w times its distance from the segment's line
        (Hartley & Zisserman, 2.2)."""
        right, down = self.direction.T
        return self._from_middle(down, -right)

    @cached_property
    def along(self) -> Floats:
        """(3, n): their products with (x, y, w) are w times how far along it lies."""
        return self._from_middle(*self.direction.T)

    def _from_middle(self, right: Floats, down: Floats) -> Floats:
        x, y = self.middle.T
        return floats(np.stack([right, down, -(x * right + y * down)]))

    def turned(self, degrees: float, centre: tuple[float, float]) -> "Segments":
        """The segments as a camera sees them that is rolled by so much less."""
        angle = np.deg2rad(degrees)
        turn = floats([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = floats(self.middle - floats(centre)) @ turn + floats(centre)
        return Segments(floats(middle), floats(self.direction @ turn), self.weight)


def detect_segments(picture: Bytes, zone: Bytes) -> Segments:
    """The longest segments of an RGB picture (Grompone von Gioi et al., LSD, 2010).

    Segments inside the zone weigh less (the ground's texture is no building), and those on
    foliage hardly at all.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    ends = np.zeros((0, 4), np.float32) if found is None else floats(found).reshape(-1, 4)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    longest = np.argsort(-length, kind="stable")[:LONGEST]
    ends, length = ends[longest], length[longest]
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    direction = (ends[:, 2:] - ends[:, :2]) / np.maximum(length, 1e-3)[:, None]
    weight = np.minimum(length, 0.15 * picture.shape[1])
    column, row = middle.astype(np.int32).T
    green = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[row, column, 1] < GREENISH
    weight = weight * np.where(zone[row, column] > 0, 0.4, 1.0) * np.where(green, 0.2, 1.0)
    return Segments(floats(middle), floats(direction), floats(weight))
