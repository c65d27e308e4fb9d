"""The outline of what is built, and the distance to it.

An outline is a list of closed polygons in plan metres. Its distance field is a raster on the plan:
metres to the nearest edge, positive inside, and where along the outline that nearest edge is.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from integrations.engine.plan import Plan
from integrations.engine.rasters import Bools, Floats, blurred, floats, sampled

Outline = list[Floats]
SHARP = 0.8  # cosine of a turn of 37 degrees: a softer one is a curve


@dataclass(frozen=True)
class Shape:
    """Distance rasters of the plan's shape; `perimeter` in metres."""

    plan: Plan
    distance: Floats
    along: Floats  # (rows, columns, 2): cosine and sine of the arc length, one turn a perimeter
    perimeter: float
    corners: tuple[tuple[float, float, float], ...] = ()  # (s, t, radians into the corner)

    def inside(self, s: Floats, t: Floats) -> Floats:
        """Metres to the edge, positive inside."""
        return sampled(self.distance, s / self.plan.cell, t / self.plan.cell)

    def arc(self, s: Floats, t: Floats) -> Floats:
        """Metres along the outline of its point nearest to (s, t), 0..perimeter."""
        turn = sampled(self.along, s / self.plan.cell, t / self.plan.cell)
        angle = np.arctan2(turn[:, 1], turn[:, 0]) % float(2 * np.pi)
        return floats(angle * (self.perimeter / float(2 * np.pi)))

    @property
    def deepest(self) -> float:
        return float(self.distance.max())


def shape_of(plan: Plan, outline: Outline) -> Shape:
    """The outline's distance field."""
    distance, arc, perimeter = _nearest_edge(plan, outline)
    inside = _filled(plan, outline)
    signed = floats(np.where(inside, distance, -distance))
    angle = arc * (2 * np.pi / perimeter)
    along = floats(np.stack([np.cos(angle), np.sin(angle)], 2))
    return Shape(plan, signed, along, perimeter, corners_of(outline))


def corners_of(outline: Outline) -> tuple[tuple[float, float, float], ...]:
    """Where the outline turns sharply: (s, t) and the direction that halves the corner."""
    corners = []
    for polygon in outline:
        coming = _units(polygon - np.roll(polygon, 1, axis=0))
        going = np.roll(coming, -1, axis=0)
        into = going - coming
        for (s, t), turn, (ds, dt) in zip(
            polygon, np.sum(coming * going, axis=1), into, strict=True
        ):
            if turn < SHARP:
                corners.append((float(s), float(t), float(np.arctan2(dt, ds))))
    return tuple(corners)


def _units(vectors: Floats) -> Floats:
    return floats(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6))


def common_part(first: Shape, second: Shape) -> Shape:
    """What lies inside both (the smaller of two distances is exact along the edges)."""
    first_is_nearer = first.distance < second.distance
    distance = np.minimum(first.distance, second.distance)
    along = np.where(first_is_nearer[:, :, None], first.along, second.along)
    return replace(first, distance=distance, along=along)


def inset(shape: Shape, metres: float) -> Shape:
    return replace(shape, distance=shape.distance - metres)


def rounded(shape: Shape, sigma: float) -> Shape:
    """Soften corners; sigma in metres."""
    return replace(shape, distance=blurred(shape.distance, sigma / shape.plan.cell))


def _nearest_edge(plan: Plan, outline: Outline) -> tuple[Floats, Floats, float]:
    """Distance to the outline and arc length of the nearest point, rasters; and the perimeter."""
    s, t = plan.cells()
    nearest = np.full(plan.shape, np.inf, np.float32)
    arc = np.zeros(plan.shape, np.float32)
    walked = 0.0
    for polygon in outline:
        for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            side = end - start
            length = float(np.hypot(*side))
            if length < 1e-6:
                continue
            ds, dt = s - start[0], t - start[1]
            share = np.clip((ds * side[0] + dt * side[1]) / length**2, 0, 1)
            squared = (ds - share * side[0]) ** 2 + (dt - share * side[1]) ** 2
            nearer = squared < nearest
            nearest[nearer] = squared[nearer]
            arc[nearer] = walked + length * share[nearer]
            walked += length
    return np.sqrt(nearest), arc, max(walked, 1e-3)


def _filled(plan: Plan, outline: Outline) -> Bools:
    """Which cells lie inside, by the even-odd rule: holes stay holes."""
    shift = 4
    canvas = np.zeros(plan.shape, np.uint8)
    points = [np.round(p / plan.cell * 2**shift).astype(np.int32) for p in outline]
    cv2.fillPoly(canvas, points, (1,), shift=shift)
    return np.asarray(canvas > 0)
