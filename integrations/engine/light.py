"""The light that falls on the zone, read from the photo.

Three parts: how bright a white surface would be there (exposure, with the light's tint), how the
light varies over the zone (shadows of trees and houses), and from which side it comes.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.colour import linear, luminance
from integrations.engine.rasters import Bools, Bytes, Floats, blurred, floats, hypotenuse, shrunk
from integrations.engine.sun import Sun

ANALYSED_SIDE = 512  # pixels
GRASS_ALBEDO, DULL_ALBEDO, PALE_ALBEDO = 0.125, 0.26, 0.45
TINT_LIMIT = 0.10
SKY_BLUE, LEAF_GREEN = 1.35, 1.1  # times red: what has more has a colour of its own
LEAST_GREY = 0.02  # of the picture
GREENISH = 121  # Lab a
DEEPEST_SHADOW = 0.12
UNCLEAR = 0.05  # of a large fall of light under clouds


@dataclass(frozen=True)
class Light:
    exposure: Floats  # (3,): linear RGB of a white surface in the zone's full light
    illumination: Floats  # raster over the photo, at any scale: 1 in full light, less in shadow
    sun: Sun
    green: bool  # the zone is grass

    def over(self, rows: range, columns: range, height: int, width: int) -> Floats:
        """Illumination of a block of the photo's pixels, (rows, columns, 1)."""
        scale_y = self.illumination.shape[0] / height
        scale_x = self.illumination.shape[1] / width
        block = np.array(
            [
                [scale_x, 0, (columns.start + 0.5) * scale_x - 0.5],
                [0, scale_y, (rows.start + 0.5) * scale_y - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (len(columns), len(rows))
        values = cv2.warpAffine(
            self.illumination, block, size, flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        return floats(values)[:, :, None]


def estimate_light(photo: Bytes, zone: Bytes, sun: Sun, standing: Bools | None = None) -> Light:
    """photo: RGB (h, w, 3); zone: (h, w), 0 or 255, not empty.

    standing: what hides the ground, in a smaller picture: it tells nothing of the light there.
    """
    height, width = zone.shape
    scale = min(1.0, ANALYSED_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = shrunk(photo, size)
    weight = floats(shrunk(zone, size) / 255)
    if standing is not None:
        weight *= 1 - _spread(standing, size)
    light = linear(picture)
    ground = _smoothed_ground(light, weight)
    full = _full_light(ground[weight > 0.5], sun.strength)
    green = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[:, :, 1] < GREENISH
    grass = float((green * weight).sum() / max(float(weight.sum()), 1e-6))
    exposure = _exposure(light, float(np.exp(full)), grass, sun.strength) * _tint(light)
    return Light(exposure, _illumination(ground - full, sun.strength), sun, grass > 0.5)


def _smoothed_ground(light: Floats, weight: Floats) -> Floats:
    """Log-luminance of the ground without its texture, its patches of other colour left out.

    A patch of yellow grass or bare soil is no patch of light: pixels weigh less the farther their
    chromaticity is from the zone's median, and their neighbours' light spreads over them.
    """
    total = light.sum(axis=2) + 0.01
    chroma = light[:, :, :2] / total[:, :, None]
    inside = weight > 0.5
    middle = np.median(chroma[inside], axis=0) if inside.any() else floats([0.33, 0.33])
    off = blurred(floats(chroma - middle), 1.5)
    away = hypotenuse(off[:, :, 0], off[:, :, 1])
    usual = float(np.median(away[inside])) if inside.any() else 0.05
    trust = floats(weight * np.exp(-0.5 * (away / (2 * usual + 0.012)) ** 2))
    level = np.log(luminance(light) + 0.004) * trust
    near, far = light.shape[1] / 130, light.shape[1] / 22
    values = blurred(floats(level), near) + 0.03 * blurred(floats(level), far)
    weights = blurred(trust, near) + 0.03 * blurred(trust, far)
    return floats(values / np.maximum(weights, 1e-6) * (weights > 1e-6))


def _full_light(ground: Floats, sunny: float) -> float:
    """Of the ground, (n,): log-luminance in full light, the sun's though it reach a corner only."""
    if not ground.size:
        return 0.0
    usual, brightest = np.percentile(ground, [80, 98])
    apart = float(np.clip((brightest - usual - 0.5) / 0.4, 0, 1))
    return float(usual + sunny * apart * (brightest - usual))


def _spread(standing: Bools, size: tuple[int, int]) -> Floats:
    """What stands, a little wider than it was found, on a raster of the size (width, height)."""
    wider = cv2.dilate(standing.astype(np.uint8), np.ones((5, 5), np.uint8))
    return floats(cv2.resize(floats(wider), size, interpolation=cv2.INTER_LINEAR))


def _illumination(step: Floats, sunny: float) -> Floats:
    """Light relative to full light from a log-luminance difference.

    Small steps are the ground's own pattern and are damped; large falls are shadows and stay. Under
    clouds nothing throws such shadows: what is so dark there is a dark thing.
    """
    fall = np.clip((np.abs(step) - 0.40) / 0.50, 0, 1)
    most = UNCLEAR + (0.65 - UNCLEAR) * sunny
    kept = np.where(step > 0, 0.15, 0.30 + most * fall * fall * (3 - 2 * fall))
    return floats(np.clip(np.exp(step * kept), DEEPEST_SHADOW, 1.12))


def _exposure(light: Floats, ground: float, grass: float, sunny: float) -> Floats:
    """Luminance of a white surface: the ground's luminance over the albedo it probably has."""
    brightest = float(np.percentile(luminance(light)[::2, ::2], 99.3))
    pale = float(np.clip((ground / max(brightest, 1e-3) - 0.25) / 0.5, 0, 1))
    albedo = DULL_ALBEDO + (PALE_ALBEDO - DULL_ALBEDO) * pale
    white = ground / (grass * GRASS_ALBEDO + (1 - grass) * albedo)
    # Under clouds white paper is as bright as the sky. Sunlit grass may stand in a photo whose
    # every pixel is darker than white in the sun would be.
    limit = (0.8 + (0.25 + 0.3 * grass) * sunny) * brightest
    return floats([np.clip(white, 0.45 * brightest, limit)] * 3)


def _tint(light: Floats) -> Floats:
    """Half the colour cast by shades of grey (Finlayson & Trezzi, 2004), within limits.

    Blue sky and green leaves are of their own colour, whatever the light.
    """
    colours = light[::4, ::4].reshape(-1, 3).astype(np.float64)
    red, green, blue = colours.T
    grey = colours[(blue < SKY_BLUE * red) & ((green < LEAF_GREEN * red) | (green < blue))]
    if len(grey) < LEAST_GREY * len(colours):
        return np.ones(3, np.float32)
    norm = np.mean(grey**5, axis=0) ** 0.2
    cast = np.sqrt(norm / max(float(norm.mean()), 1e-6))
    return floats(np.clip(cast, 1 - TINT_LIMIT, 1 + TINT_LIMIT))
