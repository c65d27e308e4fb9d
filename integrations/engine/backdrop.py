"""What water mirrors: the photo's own background, as a wall standing behind the zone."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.camera import apply_homography
from integrations.engine.colour import linear, luminance
from integrations.engine.plan import Plan
from integrations.engine.rasters import Bytes, Floats, blurred, floats, sampled, shrunk

LONG_SIDE = 480  # pixels: ripples blur what they mirror anyway
SOFTNESS = 2.5  # pixels of the small picture: small ripples blur what large ones mirror
BEHIND = 1.25  # of the zone's far distance


@dataclass(frozen=True)
class Backdrop:
    plan: Plan
    picture: Floats  # linear RGB, small
    scale: float  # of the small picture to the photo
    wall: float  # ground Z of the wall, metres
    sky: Floats  # (3,) what lies above the picture's frame

    def seen(self, s: Floats, t: Floats, level: float, ray: Floats) -> Floats:
        """Radiance along rays from plan points; ray: (n, 3) in plan axes (s, t, up)."""
        x, z = self.plan.to_ground(s, t)
        cos, sin = float(np.cos(self.plan.angle)), float(np.sin(self.plan.angle))
        ray_x, ray_z = cos * ray[:, 0] - sin * ray[:, 1], sin * ray[:, 0] + cos * ray[:, 1]
        way = np.maximum(self.wall - z, 0.5) / np.maximum(ray_z, 0.05)
        u, v, _ = self.plan.camera.project(x + way * ray_x, level + way * ray[:, 2], self.wall)
        u, v = u * self.scale, v * self.scale
        height, width = self.picture.shape[:2]
        colour = sampled(self.picture, _folded(u, width), np.clip(v, 0, height - 1))
        above = np.clip(-v / (0.15 * height), 0, 1)[:, None]
        return floats(colour * (1 - above) + self.sky * above)


def make_backdrop(photo: Bytes, zone: Bytes, plan: Plan) -> Backdrop:
    """photo: RGB (h, w, 3); zone: (h, w), 0 or 255."""
    scale = LONG_SIDE / max(photo.shape)
    size = (max(4, round(photo.shape[1] * scale)), max(4, round(photo.shape[0] * scale)))
    small = linear(shrunk(photo, size))
    return Backdrop(
        plan, blurred(small, SOFTNESS), scale, BEHIND * _far_distance(zone, plan), _sky(small)
    )


def _far_distance(zone: Bytes, plan: Plan) -> float:
    row = int(np.argmax(zone.any(axis=1)))
    column = floats(np.flatnonzero(zone[row]))
    rows = np.full(column.shape, row, np.float32)
    _, z, _ = apply_homography(plan.camera.ground_from_pixel(), column, rows)
    return float(z.max())


def _sky(picture: Floats) -> Floats:
    """The brighter part of the picture's top, where the sky is if there is one."""
    top = picture[: max(2, picture.shape[0] // 12)].reshape(-1, 3)
    level = luminance(top)
    return floats(top[level >= np.percentile(level, 55)].mean(axis=0))


def _folded(x: Floats, width: int) -> Floats:
    """Mirror coordinates back into 0..width-1, so that no border streaks across the water."""
    period = float(2 * (width - 1))
    wrapped = x % period
    return floats(np.minimum(wrapped, period - wrapped))
