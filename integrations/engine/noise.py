"""Value noise: random lattices, interpolated by a cubic."""

import math

import cv2
import numpy as np

from integrations.engine.rasters import Floats, floats, resized

# Read at random places: each number below is one of these.
NORMALS = np.random.default_rng(0).standard_normal(2**16, dtype=np.float32)
RING = 3.5  # spreads: so far from its middle a ring of frequencies goes
FINEST = 4.0  # pixels of the finest lattice step on a raster that is enlarged


def white_noise(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Standard normal numbers, drawn from a table: several times as fast as to work them out."""
    drawn = np.frombuffer(rng.bytes(2 * math.prod(shape)), "<u2")
    return floats(NORMALS[drawn]).reshape(shape)


def value_noise(
    height: int, width: int, rng: np.random.Generator, scale_y: float, scale_x: float
) -> Floats:
    """Smooth noise of about unit variance, (height, width); scales are lattice steps in pixels."""
    if scale_x <= 1 and scale_y <= 1:
        return white_noise((height, width), rng)
    lattice_height, lattice_width = int(height / scale_y) + 2, int(width / scale_x) + 2
    lattice = white_noise((lattice_height, lattice_width), rng) * 1.4
    tall, first = _stretch(lattice_height, scale_y, height, rng)
    wide, left = _stretch(lattice_width, scale_x, width, rng)
    rows = cv2.resize(lattice, (lattice_width, tall), interpolation=cv2.INTER_CUBIC)
    rows = rows[first : first + height]
    smooth = cv2.resize(rows, (wide, height), interpolation=cv2.INTER_CUBIC)
    return floats(smooth[:, left : left + width])


def _stretch(steps: int, scale: float, length: int, rng: np.random.Generator) -> tuple[int, int]:
    """Pixels of so many lattice steps, and where in them the wanted length begins."""
    whole = max(length, round(steps * scale))
    return whole, int(rng.integers(whole - length + 1))


def fractal_noise(
    height: int,
    width: int,
    rng: np.random.Generator,
    scales: tuple[tuple[float, float], ...],
    persistence: float = 0.6,
) -> Floats:
    """A sum of value noises, coarse first, each weaker by `persistence`; about unit variance.

    scales: (scale_y, scale_x) of each octave in pixels. Source: fractional Brownian motion as in
    Ebert et al., Texturing and Modeling, chapter 2. What is coarse throughout is made on a smaller
    raster: it looks the same.
    """
    shrink = int(min(min(scale) for scale in scales) / FINEST)
    if shrink > 1:
        less = tuple((scale_y / shrink, scale_x / shrink) for scale_y, scale_x in scales)
        small = fractal_noise(-(-height // shrink), -(-width // shrink), rng, less, persistence)
        return resized(small, width, height)
    total = np.zeros((height, width), np.float32)
    weight, power = 1.0, 0.0
    for scale_y, scale_x in scales:
        total += weight * value_noise(height, width, rng, max(1, scale_y), max(1, scale_x))
        power += weight * weight
        weight *= persistence
    return total / float(np.sqrt(power))


def tileable_noise(size: int, rng: np.random.Generator, cycles: float, spread: float) -> Floats:
    """Noise that repeats without a seam, (size, size), unit variance.

    White noise filtered around `cycles` periods a tile by a Gaussian ring `spread` periods wide:
    its spectrum is white noise, too.
    """
    most = min(size // 2 - 1, int(cycles + RING * spread))  # beyond it the ring is nothing
    down, across = np.arange(-most, most + 1), np.arange(most + 1)
    radius = np.hypot(down[:, None], across[None, :])
    ring = np.exp(-(((radius - cycles) / spread) ** 2) / 2)
    real, imaginary = white_noise((2, *ring.shape), rng) * floats(ring)
    spectrum = np.zeros((size, size // 2 + 1), np.complex64)
    spectrum[down, : most + 1] = real + np.complex64(1j) * imaginary
    values = np.fft.irfft2(spectrum, (size, size))
    return floats(values / values.std())
