"""Pool water: ripples, what they mirror, and the basin seen through them."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from integrations.engine.backdrop import Backdrop
from integrations.engine.noise import tileable_noise
from integrations.engine.rasters import Bools, Floats, floats, lengths, sampled
from integrations.engine.raycasting import Section, Spots, first_crossing
from integrations.engine.shapes import Shape
from integrations.engine.site import Site

INDEX = 1.333  # of refraction
NORMAL_REFLECTANCE = 0.02
ABSORPTION = floats([0.30, 0.075, 0.050])  # per metre: red goes first
SCATTER = floats([0.012, 0.075, 0.090])
TILE, TILE_METRES = 512, 6.0
CAUSTICS = 0.16
UNDER_WATER_SHADE = 0.42  # of the light is the sun's: the rest comes from sky, walls and floor
BLURRED_EDGE = 0.06  # metres: ripples soften shadows
SHALLOWEST, DEEPEST = 0.6, 1.45  # metres


@dataclass(frozen=True)
class Ripples:
    """A tile of slopes (TILE, TILE, 2) and one of caustic brightness (TILE, TILE)."""

    slope: Floats
    caustic: Floats

    def slope_at(self, s: Floats, t: Floats, footprint: Floats) -> Floats:
        """(n, 2) slopes, weaker where one sample covers many ripples."""
        fine = 1 / (1 + (footprint / 0.10) ** 2)
        return _tile(self.slope, s, t) * fine[:, None].astype(np.float32)

    def caustic_at(self, s: Floats, t: Floats) -> Floats:
        return _tile(self.caustic, s, t)


def make_ripples(rng: np.random.Generator) -> Ripples:
    """A breath of wind: waves of about 1.1 m and 0.35 m, a few millimetres high."""
    long = tileable_noise(TILE, rng, TILE_METRES / 1.1, 2.0)
    short = tileable_noise(TILE, rng, TILE_METRES / 0.38, 5.0)
    height = 0.0036 * long + 0.0013 * short
    step = TILE_METRES / TILE
    slopes = [
        (np.roll(height, -1, axis) - np.roll(height, 1, axis)) / (2 * step) for axis in (1, 0)
    ]
    web = tileable_noise(TILE, rng, TILE_METRES / 0.55, 4.0)
    caustic = np.exp(-np.abs(web) / 0.35)
    return Ripples(floats(np.stack(slopes, 2)), floats(caustic - caustic.mean()))


def _tile(raster: Floats, s: Floats, t: Floats) -> Floats:
    step = TILE_METRES / TILE
    return sampled(raster, floats(s / step % TILE), floats(t / step % TILE), cv2.BORDER_WRAP)


@dataclass(frozen=True)
class Water:
    site: Site
    shape: Shape
    section: Section
    liner: Floats  # (3,) albedo
    ripples: Ripples
    backdrop: Backdrop

    @cached_property
    def depth(self) -> float:
        """Metres: a small basin is shallow, so that its floor is seen and not its walls alone."""
        half_width = self.shape.deepest - self.section.edging
        return float(np.clip(half_width, SHALLOWEST, DEEPEST))

    def light(self, at: Spots) -> tuple[Floats, Floats]:
        s, t, inside = at.s, at.t, at.inside
        slope = self.ripples.slope_at(s, t, at.footprint)
        normal = np.concatenate([-slope, np.ones((s.size, 1), np.float32)], axis=1)
        normal /= lengths(normal)
        ray = self._from_eye(s, t)
        facing = np.clip(-np.einsum("ij,ij->i", ray, normal), 0.02, 1)
        fresnel = NORMAL_REFLECTANCE + (1 - NORMAL_REFLECTANCE) * (1 - facing) ** 5
        mirror = self.backdrop.seen(s, t, self.section.floor, _mirrored(ray, normal, facing))
        basin = self._basin(s, t, _refracted(ray, normal, facing))
        near_edge = 1 - 0.40 * np.exp(-np.maximum(inside - self.section.edging, 0) / 0.07)
        share = fresnel[:, None].astype(np.float32)
        edge = floats(near_edge)[:, None]
        return basin * (1 - share) * edge, mirror * share * (0.5 + 0.5 * edge)

    def _sunlight(self, s: Floats, t: Floats, depth: Floats, wall: Bools) -> Floats:
        """The sun in the water: the coping's shadow on floor and walls, and the dance of light."""
        sun, toward = self.site.light.sun, self.site.sun
        slant = 1 / (INDEX * float(np.hypot(1, sun.height)))  # sine of its angle under water
        above = (self.section.top - self.section.floor) / sun.height
        away = above + depth * (slant / float(np.sqrt(1 - slant**2)))
        lip = self.shape.inside(floats(s + away * toward[0]), floats(t + away * toward[1]))
        lit = np.clip((lip - self.section.edging) / BLURRED_EDGE + 0.5, 0, 1)
        dance = CAUSTICS * self.ripples.caustic_at(s, t) * np.where(wall, 0.4, 1.0)
        sunny = 1 + UNDER_WATER_SHADE * (lit - 1) + dance * lit
        return floats(1 + 0.3 * dance + sun.strength * (sunny - 1 - 0.3 * dance))

    def _from_eye(self, s: Floats, t: Floats) -> Floats:
        """Unit rays from the camera to the surface, (n, 3) in plan axes (s, t, up)."""
        eye_s, eye_t = self.site.eye
        fall = self.section.floor - self.site.plan.camera.elevation
        ray = np.stack([s - eye_s, t - eye_t, np.full(s.shape, fall, np.float32)], axis=1)
        return floats(ray / lengths(ray))

    def _basin(self, s: Floats, t: Floats, ray: Floats) -> Floats:
        """Albedo of walls and floor seen through the water (Beer-Lambert absorption)."""
        way = self.depth / np.maximum(-ray[:, 2], 0.2)
        end = floats(s + way * ray[:, 0]), floats(t + way * ray[:, 1])
        share = first_crossing(self.shape, (s, t), end, self.section.edging, inwards=False)
        wall = share <= 1
        share = np.minimum(share, 1)
        at = floats(s + share * (end[0] - s)), floats(t + share * (end[1] - t))
        to_wall = np.maximum(self.shape.inside(*at) - self.section.edging, 0)
        depth = self.depth * share
        corner = np.where(wall, self.depth - depth, to_wall)
        light = np.where(wall, 0.80, 1.0) * (1 - 0.20 * np.exp(-corner / 0.35))
        light *= self._sunlight(*at, floats(depth), wall)
        path = floats(way * share + depth)[:, None]
        body = self.liner * floats(light)[:, None] * np.exp(-ABSORPTION * path)
        return floats(body + SCATTER * (1 - np.exp(-0.45 * path)))


def _mirrored(ray: Floats, normal: Floats, facing: Floats) -> Floats:
    mirrored = ray + 2 * facing[:, None] * normal
    mirrored[:, 2] = np.maximum(mirrored[:, 2], 0.02)
    return floats(mirrored)


def _refracted(ray: Floats, normal: Floats, facing: Floats) -> Floats:
    """Snell's law; light that enters water is never totally reflected."""
    ratio = 1 / INDEX
    inner = np.sqrt(1 - ratio**2 * (1 - facing**2))
    return floats(ratio * ray + (ratio * facing - inner)[:, None] * normal)
