"""The plan: the zone seen from straight above, in metres, along its own axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from integrations.engine.camera import Camera, Matrix, apply_homography
from integrations.engine.errors import MaskAboveHorizon, MaskTooSmall
from integrations.engine.rasters import Bools, Bytes, Floats, floats

FARTHEST = 32.0  # metres: farther ground is a few pixels high and not worth a metric plan
LARGEST_SIDE = 320  # cells
FINEST_CELL = 0.025  # metres
MARGIN = 0.5  # metres of empty plan around the zone
SMALLEST_ZONE = 64  # pixels


@dataclass(frozen=True)
class Plan:
    """A frame on the ground and its raster of square cells.

    Plan coordinates (s, t) are metres from the raster's first cell; s runs along `angle` from the
    camera's right, t a quarter turn to the left of s.
    """

    camera: Camera
    origin: tuple[float, float]  # ground (X, Z) of the first cell
    angle: float  # radians
    cell: float  # metres
    shape: tuple[int, int]  # rows (t), columns (s)

    def from_pixel(self, level: float = 0.0) -> Matrix:
        """3x3: homogeneous pixel to (s, t, 1) on the plane Y = level."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        x, z = self.origin
        turn = np.array([[cos, sin, -cos * x - sin * z], [-sin, cos, sin * x - cos * z], [0, 0, 1]])
        return np.asarray(turn @ self.camera.ground_from_pixel(level))

    def to_ground(self, s: Floats, t: Floats) -> tuple[Floats, Floats]:
        """Plan (s, t) to ground (X, Z)."""
        cos, sin = float(np.cos(self.angle)), float(np.sin(self.angle))
        x, z = self.origin
        return floats(x + cos * s - sin * t), floats(z + sin * s + cos * t)

    def to_picture(self, s: Floats, t: Floats, level: float) -> tuple[Floats, Floats, Floats]:
        """Plan (s, t) at a height to (u, v, depth)."""
        x, z = self.to_ground(s, t)
        return self.camera.project(x, level, z)

    def cells(self) -> tuple[Floats, Floats]:
        """(s, t) of every cell, each of the raster's shape."""
        rows, columns = self.shape
        s, t = np.meshgrid(np.arange(columns) * self.cell, np.arange(rows) * self.cell)
        return floats(s), floats(t)

    def inside(self, zone: Bytes, level: float = 0.0) -> Bools:
        """Which cells, lifted to a height, lie inside the zone of the picture.

        Cells beside the picture take the value of its border: a zone that touches the border goes
        on outside, so that no edge of the object is drawn along the picture's frame.
        """
        s, t = self.cells()
        u, v, depth = self.to_picture(s, t, level)
        u = np.where(depth > 0.1, u, -1e4).astype(np.float32)
        values = cv2.remap(zone, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray((values > 127) & (depth > 0.1))


def ground_part(zone: Bytes, camera: Camera) -> Bytes:
    """The zone without what lies above the horizon or farther than `FARTHEST`.

    Raises `MaskAboveHorizon` if nothing is left.
    """
    left, top, width, height = cv2.boundingRect(zone)
    u = floats(np.arange(left, left + width))[None, :]
    v = floats(np.arange(top, top + height))[:, None]
    _, up, forward = camera.world_from_pixel.astype(np.float32)
    fall = -(up[0] * u + up[1] * v + up[2])
    ahead = forward[0] * u + forward[1] * v + forward[2]
    near = (fall > 0) & (ahead * float(camera.elevation) < FARTHEST * fall)
    kept = np.zeros_like(zone)
    block = np.s_[top : top + height, left : left + width]
    kept[block] = zone[block] * near
    if not kept.any():
        raise MaskAboveHorizon
    return kept


def make_plan(zone: Bytes, camera: Camera) -> Plan:
    """Lay the plan around the zone, along most of its sides.

    Raises `MaskTooSmall`.
    """
    contours = _contours(zone)
    ground = _on_ground(np.concatenate(contours), camera)
    largest = max(contours, key=cv2.contourArea)
    corners = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True)
    angle = _axis(_on_ground(corners, camera), ground)
    cos, sin = np.cos(angle), np.sin(angle)
    s, t = ground @ [cos, sin], ground @ [-sin, cos]
    low = np.array([s.min(), t.min()]) - MARGIN
    extent = np.array([s.max(), t.max()]) + MARGIN - low
    cell = max(FINEST_CELL, float(extent.max()) / LARGEST_SIDE)
    columns, rows = np.ceil(extent / cell).astype(int)
    origin = (float(low[0] * cos - low[1] * sin), float(low[0] * sin + low[1] * cos))
    return Plan(camera, origin, angle, cell, (int(rows), int(columns)))


def _contours(zone: Bytes) -> Sequence[npt.NDArray[Any]]:
    """The zone's outer contours, in pixels."""
    if np.count_nonzero(zone) < SMALLEST_ZONE:
        raise MaskTooSmall
    return cv2.findContours(zone, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]


def _on_ground(points: npt.NDArray[Any], camera: Camera) -> Floats:
    """Pixels as OpenCV lists them to ground (X, Z), (n, 2)."""
    u, v = floats(points).reshape(-1, 2).T
    x, z, _ = apply_homography(camera.ground_from_pixel(), u, v)
    return floats(np.stack([x, z], 1))


def _axis(sides: Floats, ground: Floats) -> float:
    """The direction of most sides, radians between -45 and 45 degrees: s stays across the view.

    sides: corners of the simplified outline, ground: all its points; (n, 2) in metres. Directions a
    quarter turn apart count as one: their angles are averaged four times over (Mardia & Jupp,
    Directional Statistics, 1.3). A round zone has no such direction; its smallest rectangle has.
    """
    side = np.roll(sides, -1, axis=0) - sides
    length = np.hypot(side[:, 0], side[:, 1])
    turns = np.sum(length * np.exp(4j * np.arctan2(side[:, 1], side[:, 0])))
    if abs(turns) > 0.35 * length.sum():
        return float(np.angle(turns) / 4)
    degrees = cv2.minAreaRect(ground)[2]
    return float(np.deg2rad((degrees + 45) % 90 - 45))
