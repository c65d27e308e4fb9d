"""The photo's own softness and grain, given to what is drawn so that it sits in the picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.noise import white_noise
from integrations.engine.rasters import Bytes, Floats, blurred, floats

BLOCK = 16
MOST_GRAIN = 5.0
MOST_BLUR = 1.1
ANALYSED_PIXELS = 300_000
LONGEST_SHIFT = 8192  # pixels


@dataclass(frozen=True)
class Sensor:
    blur: float  # Gaussian sigma, pixels
    grain: float  # standard deviation on the scale 0..255

    def grain_for(self, block: Floats, rng: np.random.Generator) -> Floats:
        """Grain for a block of pixels, to be added to values 0..255: mostly brightness."""
        rows, columns = block.shape[:2]
        count, starts = rows * columns, (0, *rng.integers(1, LONGEST_SHIFT, 3))
        # One run of numbers, read from four places: what is apart by that much nobody compares.
        run = white_noise((count + LONGEST_SHIFT,), rng) * self.grain
        bright, *colours = (run[start : start + count].reshape(rows, columns) for start in starts)
        return floats(0.9 * bright[:, :, None] + 0.35 * cv2.merge(colours))


def measure_sensor(photo: Bytes) -> Sensor:
    """photo: RGB (h, w, 3)."""
    grey = floats(cv2.cvtColor(_middle(photo), cv2.COLOR_RGB2GRAY))
    return Sensor(_softness(grey), min(_noise(grey), MOST_GRAIN))


def _middle(photo: Bytes) -> Bytes:
    """A central part at full scale: softness and grain do not survive a reduction."""
    height, width = photo.shape[:2]
    share = min(1.0, float(np.sqrt(ANALYSED_PIXELS / (height * width))))
    rows, columns = round(height * share), round(width * share)
    top, left = (height - rows) // 2, (width - columns) // 2
    return np.ascontiguousarray(photo[top : top + rows, left : left + columns])


def _noise(grey: Floats) -> float:
    """Immerkaer's fast noise estimate (1996) in blocks; the calm ones tell the grain."""
    kernel = floats([[1, -2, 1], [-2, 4, -2], [1, -2, 1]])
    response = np.abs(floats(cv2.filter2D(grey, cv2.CV_32F, kernel)))
    rows, columns = (side // BLOCK for side in grey.shape)
    if rows * columns < 4:
        return 0.0
    blocks = response[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    sigma = np.sqrt(np.pi / 2) / 6 * blocks.mean(axis=(1, 3))
    return float(np.percentile(sigma, 12))


def _softness(grey: Floats) -> float:
    """Blur of the sharpest edges: how much they lose when blurred once more by one pixel.

    An edge of blur s has a gradient of 1/s; after another blur of 1 the ratio of both is
    sqrt(s^2 + 1) / s (Zhuo & Sim, Defocus map estimation, 2011).
    """
    again = blurred(grey, 1.0)
    before, after = _gradient(grey), _gradient(again)
    strong = before > np.percentile(before, 97)
    if not strong.any():
        return 0.0
    ratio = float(np.percentile(before[strong] / np.maximum(after[strong], 1e-3), 70))
    sigma = 1 / np.sqrt(max(ratio * ratio - 1, 0.2))
    # A sampled ideal edge already measures about 0.55.
    return float(np.clip(np.sqrt(max(sigma**2 - 0.55**2, 0)), 0, MOST_BLUR))


def _gradient(grey: Floats) -> Floats:
    along = floats([[-0.5, 0, 0.5]])
    right, down = (cv2.filter2D(grey, cv2.CV_32F, kernel) for kernel in (along, along.T))
    return floats(cv2.magnitude(right, down))
