"""Where the rays through the picture meet what is built.

Everything built here has the same section: an edging of some width whose top lies at one level,
around a field at the same level or lower. No mesh and no depth buffer: a ray meets the two levels
at two points of the plan, and the distance field between them tells which faces it meets.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from integrations.engine.camera import apply_homography
from integrations.engine.rasters import Bytes, Floats, Indices, floats, hypotenuse
from integrations.engine.shapes import Shape

STEPS = 8


class Part(IntEnum):
    GROUND = 0  # open ground beside the thing
    FACE = 1  # the outer side of the edging
    TOP = 2  # the edging from above
    INNER = 3  # the side of the edging towards the field
    FIELD = 4  # what the edging surrounds


@dataclass(frozen=True)
class Section:
    """Metres; levels are heights above the ground."""

    edging: float
    top: float
    floor: float


@dataclass(frozen=True)
class Rays:
    """Pixel coordinates of the rays, shape (n,), and how many there are in a pixel each way."""

    u: Floats
    v: Floats
    per_column: int
    per_row: int


@dataclass(frozen=True)
class Spots:
    """Places on a field, shape (n,); see `Hits`."""

    s: Floats
    t: Floats
    inside: Floats
    footprint: Floats


@dataclass(frozen=True)
class Hits:
    """One entry a ray, shape (n,)."""

    part: Bytes
    s: Floats  # plan coordinates of the hit
    t: Floats
    inside: Floats  # metres from the outline, positive inside
    drop: Floats  # metres below the edging's top, for the faces
    footprint: Floats  # metres a ray stands for on its surface
    rays: Rays

    def where(self, *parts: Part) -> Indices:
        wanted = np.zeros(len(Part), np.bool_)
        wanted[list(parts)] = True
        return np.flatnonzero(wanted[self.part])

    def spots(self, chosen: Indices) -> Spots:
        return Spots(self.s[chosen], self.t[chosen], self.inside[chosen], self.footprint[chosen])


def cast(shape: Shape, section: Section, rays: Rays) -> Hits:
    """The first thing each ray meets."""
    plan = shape.plan
    s, t, _ = apply_homography(plan.from_pixel(section.top), rays.u, rays.v)
    inside = shape.inside(s, t)
    part = np.where(inside >= section.edging, Part.FIELD, Part.TOP).astype(np.uint8)
    drop = np.zeros_like(s)
    outside = np.flatnonzero(inside < 0)
    part[outside] = Part.GROUND
    _descend(shape, section, rays, outside, 0.0, Part.FACE, (part, s, t, drop))
    if section.floor < section.top:
        field = np.flatnonzero(part == Part.FIELD)
        _descend(shape, section, rays, field, section.floor, Part.INNER, (part, s, t, drop))
    moved = np.flatnonzero(part != Part.TOP)
    inside[moved] = shape.inside(s[moved], t[moved])
    footprint = footprint_of(shape, part, s, t, rays.per_row, rays.per_column)
    return Hits(part, s, t, inside, drop, footprint, rays)


def _descend(
    shape: Shape,
    section: Section,
    rays: Rays,
    chosen: Indices,
    level: float,
    face: Part,
    hit: tuple[Bytes, Floats, Floats, Floats],
) -> None:
    """Follow the chosen rays from the top down to a level; those that meet a side end there."""
    part, s, t, drop = hit
    end_s, end_t, _ = apply_homography(shape.plan.from_pixel(level), rays.u[chosen], rays.v[chosen])
    threshold = 0.0 if face is Part.FACE else section.edging
    start = (s[chosen], t[chosen])
    share = first_crossing(shape, start, (end_s, end_t), threshold, inwards=face is Part.FACE)
    met = share <= 1
    share = np.minimum(share, 1)
    s[chosen] += share * (end_s - s[chosen])
    t[chosen] += share * (end_t - t[chosen])
    drop[chosen] = np.where(met, share * (section.top - level), 0)
    part[chosen[met]] = face


def first_crossing(
    shape: Shape,
    start: tuple[Floats, Floats],
    end: tuple[Floats, Floats],
    threshold: float,
    inwards: bool,
) -> Floats:
    """The share of the way from start to end at which the distance crosses the threshold.

    Shape (n,), 0..1; infinite where it does not.
    """
    found = np.full(start[0].shape, np.inf, np.float32)
    sign = 1.0 if inwards else -1.0
    step_s, step_t = end[0] - start[0], end[1] - start[1]
    length = hypotenuse(step_s, step_t)
    before = sign * (shape.inside(*start) - threshold)
    # The field changes by no more than the way walked: most rays need no march at all.
    open_ = np.flatnonzero(-before <= length)
    before, share = before[open_], np.zeros(open_.size, np.float32)
    for _ in range(STEPS):
        if not open_.size:
            break
        # Nor can the threshold lie nearer than what the field still lacks.
        ahead = np.minimum(share + np.maximum(-before / length[open_], 1 / STEPS), 1)
        at = start[0][open_] + ahead * step_s[open_], start[1][open_] + ahead * step_t[open_]
        value = sign * (shape.inside(*at) - threshold)
        crossed = value >= 0
        part = before[crossed] / np.minimum(before[crossed] - value[crossed], -1e-9)
        way = ahead[crossed] - share[crossed]
        found[open_[crossed]] = share[crossed] + way * np.clip(part, 0, 1)
        left = ~crossed & (ahead < 1)
        open_, before, share = open_[left], value[left], ahead[left]
    return found


def footprint_of(
    shape: Shape, part: Bytes, s: Floats, t: Floats, per_row: int, per_column: int
) -> Floats:
    """Metres a ray covers: across the view on upright faces, along it on level ground."""
    camera = shape.plan.camera
    x, z = shape.plan.to_ground(s, t)
    distance = np.sqrt(x * x + z * z + float(camera.elevation) ** 2)
    across = distance / float(camera.focal)
    along = across * distance / float(camera.elevation) / per_row
    level = (part != Part.FACE) & (part != Part.INNER)
    return floats(np.where(level, np.maximum(0.6 * along, across / per_column), across))
