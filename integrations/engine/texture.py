"""A colour raster in metres, sampled without aliasing through a pyramid of half-size copies."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.rasters import Floats, floats, resized, sampled

SMALLEST_SIDE = 2
WIDEST = 30_000  # OpenCV's remap reads no raster of 32768 columns or more


@dataclass(frozen=True)
class Texture:
    """Albedo rasters (h, w, 3), linear RGB, each half the size of the one before.

    Mip mapping after Williams, Pyramidal Parametrics, 1983.
    """

    levels: tuple[Floats, ...]
    texel: float  # metres, of the finest level

    def at(self, x: Floats, y: Floats, footprint: Floats) -> Floats:
        """Albedo at points given in metres from the raster's corner.

        footprint: metres a sample covers. All of shape (n,); returns (n, 3).
        """
        level = np.clip(np.log2(footprint / self.texel), 0, len(self.levels) - 1)
        colour = np.zeros((x.size, 3), np.float32)
        if x.size == 0:
            return colour
        for index in range(int(level.min()), int(np.ceil(level.max())) + 1):
            weight = np.maximum(0, 1 - np.abs(level - index))
            used = np.flatnonzero(weight)
            step = self.texel * 2**index
            values = sampled(self.levels[index], x[used] / step - 0.5, y[used] / step - 0.5)
            colour[used] += weight[used, None].astype(np.float32) * values
        return colour


def texture_of(albedo: Floats, texel: float) -> Texture:
    """The pyramid of an albedo raster."""
    levels = [floats(albedo)]
    while min(levels[-1].shape[:2]) >= 2 * SMALLEST_SIDE:
        height, width = levels[-1].shape[:2]
        levels.append(resized(levels[-1], -(-width // 2), -(-height // 2)))
    return Texture(tuple(levels), texel)


def texels(width: float, height: float, texel: float) -> tuple[int, int]:
    """(rows, columns) of a raster that covers width x height metres."""
    return max(4, int(np.ceil(height / texel))), max(4, int(np.ceil(width / texel)))


def affordable_texel(width: float, height: float, wanted: float, budget: int) -> float:
    """The wanted texel size in metres, or the finest that keeps within `budget` texels."""
    return max(wanted, float(np.sqrt(width * height / budget)), max(width, height) / WIDEST)


def shaded_relief(height: Floats, texel: float, sun: tuple[float, float]) -> Floats:
    """Brightness factor of a height raster (metres) under a sun at 45 degrees; mean about 1.

    sun: unit direction towards the sun in the raster's (x, y). Lambert: one plus the slope towards
    the sun, for gentle slopes.
    """
    slope_y, slope_x = np.gradient(height, texel)
    return floats(np.clip(1 - (slope_x * sun[0] + slope_y * sun[1]), 0.3, 1.7))


def line_coverage(distance: Floats, half_width: float, texel: float) -> Floats:
    """Share of a texel covered by a line whose axis is `distance` metres away."""
    edge = (half_width - np.abs(distance)) / texel + 0.5
    return floats(np.clip(edge, 0, min(1.0, 2 * half_width / texel)))
