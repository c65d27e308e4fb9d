"""Value noise: random lattices, interpolated by a cubic."""

import cv2
import numpy as np

from integrations.engine.rasters import Floats, floats


def value_noise(
    height: int, width: int, rng: np.random.Generator, scale_y: float, scale_x: float
) -> Floats:
    """Smooth noise of about unit variance, (height, width); scales are lattice steps in pixels."""
    lattice_height = int(np.ceil(height / scale_y)) + 3
    lattice_width = int(np.ceil(width / scale_x)) + 3
    lattice = rng.standard_normal((lattice_height, lattice_width), dtype=np.float32)
    if scale_x <= 1 and scale_y <= 1:
        return lattice[:height, :width]
    shift_x, shift_y = rng.uniform(0.5, 1.5, 2)
    to_lattice = floats([[1 / scale_x, 0, shift_x], [0, 1 / scale_y, shift_y]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    smooth = cv2.warpAffine(lattice, to_lattice, (width, height), flags=flags)
    return floats(smooth) * 1.4


def fractal_noise(
    height: int,
    width: int,
    rng: np.random.Generator,
    scales: tuple[tuple[float, float], ...],
    persistence: float = 0.6,
) -> Floats:
    """A sum of value noises, coarse first, each weaker by `persistence`; about unit variance.

    scales: (scale_y, scale_x) of each octave in pixels. Source: fractional Brownian motion as in
    Ebert et al., Texturing and Modeling, chapter 2.
    """
    total = np.zeros((height, width), np.float32)
    weight, power = 1.0, 0.0
    for scale_y, scale_x in scales:
        total += weight * value_noise(height, width, rng, max(1, scale_y), max(1, scale_x))
        power += weight * weight
        weight *= persistence
    return total / float(np.sqrt(power))


def tileable_noise(size: int, rng: np.random.Generator, cycles: float, spread: float) -> Floats:
    """Noise that repeats without a seam, (size, size), unit variance.

    White noise filtered around `cycles` periods a tile by a Gaussian ring `spread` periods wide.
    """
    frequency = np.fft.fftfreq(size, 1 / size)
    radius = np.hypot(frequency[:, None], frequency[None, :])
    ring = np.exp(-(((radius - cycles) / spread) ** 2) / 2)
    spectrum = np.fft.fft2(rng.standard_normal((size, size))) * ring
    values = np.real(np.fft.ifft2(spectrum))
    return floats(values / values.std())
