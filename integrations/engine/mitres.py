"""Joints across the corners of an edging, where two courses meet."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.rasters import Bools, Floats, floats
from integrations.engine.shapes import Shape

HALF_WIDTH = 0.003  # metres
DARK = 0.6  # of the light is lost in the joint
WAYS = floats(np.arange(0, 1.2, 0.01))  # metres: the shape may have been drawn in by so much
PROBES = floats(np.linspace(-0.15, 0.15, 31))  # metres to both sides of where a corner was drawn


@dataclass(frozen=True)
class Mitre:
    s: float  # plan coordinates of a point on the joint
    t: float
    along: tuple[float, float]  # unit direction into the corner

    def away(self, s: Floats, t: Floats) -> Floats:
        """Metres beside the joint."""
        return floats((s - self.s) * self.along[1] - (t - self.t) * self.along[0])


def mitres_of(shape: Shape, edging: float) -> tuple[Mitre, ...]:
    """One for each corner that was drawn, laid on the ridge of the distance that is there."""
    return tuple(_on_ridge(shape, edging, *corner) for corner in shape.corners)


def _on_ridge(shape: Shape, edging: float, s: float, t: float, angle: float) -> Mitre:
    along = float(np.cos(angle)), float(np.sin(angle))
    inwards = shape.inside(s + WAYS * along[0], t + WAYS * along[1])
    way = float(WAYS[int(np.argmax(inwards >= 0.7 * edging))])
    s, t = s + way * along[0], t + way * along[1]
    inside = shape.inside(s - PROBES * along[1], t + PROBES * along[0])
    beside = float(PROBES[int(np.argmax(inside))])
    return Mitre(s - beside * along[1], t + beside * along[0], along)


def light_in_mitres(
    mitres: tuple[Mitre, ...], reach: float, s: Floats, t: Floats, footprint: Floats
) -> Floats:
    """Factor on the light at points of the edging's top, (n,); reach: metres around a corner."""
    left = np.ones(s.shape, np.float32)
    for mitre in mitres:
        near = np.flatnonzero(_near(mitre, reach, s, t))
        away = np.abs(mitre.away(s[near], t[near]))
        width = np.maximum(footprint[near], HALF_WIDTH)
        share = np.clip((HALF_WIDTH - away) / width + 0.5, 0, np.minimum(1, 2 * HALF_WIDTH / width))
        left[near] *= 1 - DARK * share
    return left


def _near(mitre: Mitre, reach: float, s: Floats, t: Floats) -> Bools:
    return np.asarray((np.abs(s - mitre.s) < reach) & (np.abs(t - mitre.t) < reach))
