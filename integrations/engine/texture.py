"""A colour raster in metres, sampled without aliasing through a pyramid of half-size copies."""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.rasters import Floats, floats, resized, sampled

SMALLEST_SIDE = 2
EVEN = 8
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
        colour = np.empty((x.size, 3), np.float32)
        finer = np.asarray(level, np.uint8)
        for index in np.flatnonzero(np.bincount(finer)):
            chosen = np.flatnonzero(finer == index)
            place, share = (x[chosen], y[chosen]), floats(level[chosen] - index)[:, None]
            values = self._level(int(index), *place)
            if index + 1 < len(self.levels):
                values += share * (self._level(int(index) + 1, *place) - values)
            colour[chosen] = values
        return colour

    def _level(self, index: int, x: Floats, y: Floats) -> Floats:
        step = self.texel * 2**index
        return sampled(self.levels[index], x / step - 0.5, y / step - 0.5)


def texture_of(albedo: Floats, texel: float) -> Texture:
    """The pyramid of an albedo raster."""
    levels = [floats(albedo)]
    while min(levels[-1].shape[:2]) >= 2 * SMALLEST_SIDE:
        height, width = levels[-1].shape[:2]
        levels.append(resized(levels[-1], -(-width // 2), -(-height // 2)))
    return Texture(tuple(levels), texel)


def texels(width: float, height: float, texel: float) -> tuple[int, int]:
    """(rows, columns) of a raster that covers width x height metres.

    Multiples of `EVEN`: rasters that halve evenly are halved several times as fast.
    """
    rows, columns = (EVEN * max(1, int(np.ceil(side / texel / EVEN))) for side in (height, width))
    return rows, columns


def affordable_texel(width: float, height: float, wanted: float, budget: int) -> float:
    """The wanted texel size in metres, or the finest that keeps within `budget` texels."""
    return max(wanted, float(np.sqrt(width * height / budget)), max(width, height) / WIDEST)


def shaded_relief(height: Floats, texel: float, sun: tuple[float, float]) -> Floats:
    """Brightness factor of a height raster (metres) under a sun at 45 degrees; mean about 1.

    sun: unit direction towards the sun in the raster's (x, y). Lambert: one plus the slope towards
    the sun, for gentle slopes.
    """
    x, y = sun[0] / (2 * texel), sun[1] / (2 * texel)
    fall = cv2.filter2D(height, cv2.CV_32F, floats([[0, y, 0], [x, 0, -x], [0, -y, 0]]))
    return floats(np.clip(1 + fall, 0.3, 1.7))


def mixed(shares: tuple[Floats, ...], colours: tuple[Floats, ...]) -> Floats:
    """The sum of shares, each (h, w), of as many colours, (3,); (h, w, 3)."""
    return floats(cv2.transform(cv2.merge(shares), np.stack(colours, axis=1)))


def line_coverage(distance: Floats, half_width: float, texel: float) -> Floats:
    """Share of a texel covered by a line whose axis is `distance` metres away."""
    edge = (half_width - np.abs(distance)) / texel + 0.5
    return floats(np.clip(edge, 0, min(1.0, 2 * half_width / texel)))
