"""Where the sun stands, and whether it shines, told from the photo as a person would guess it.

What throws a shadow into the picture stands on the sun's side, so that the ground is darker there.
The sun shines if the sky is blue or the ground nearly as bright as paper. Without either the light
is soft and comes from everywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.palette import HUES, ground_colours, hue_certainty, is_lawn, log_colour
from integrations.engine.rasters import Bools, Bytes, Floats, floats, shrunk

SIDE = 240  # pixels
GROUND_HUE = 5.0  # squared distance from the ground's colours, whatever the light
OVERLIT = 0.6  # log units above the ground's brightest colour: no ground any more
FULL_SLOPE = 0.5  # log units over the picture's width: the sun stands well to one side
BEHIND = 0.45  # how far behind the photographer against beside him
GRASS = 0.7  # log units that grass is darker than other ground
PAPER = -1.3  # log units: ground in the sun is brighter, under clouds darker
EVEN, PATCHY = 1.1, 1.3  # log units between a lawn's lighter and darker part
LEAST_PART = 0.05  # of the ground
CLEAR = 0.45  # blueness of a sky without clouds
CLOUDY, SUNNY = 0.15, 0.45  # evidence
HEIGHT = 1.2  # tangent of the sun's height, 50 degrees: it cannot be seen
SKY_SHARE = 0.35  # of full light, what the blue sky alone gives on level ground


@dataclass(frozen=True)
class Sun:
    direction: tuple[float, float]  # unit, towards the sun on the ground (right, forward)
    strength: float  # 0 under clouds, 1 in full sun
    height: float = HEIGHT  # tangent of its angle above the ground

    @property
    def shade(self) -> float:
        """What is left of full light where the sun is hidden."""
        return 1 - self.strength * (1 - SKY_SHARE)


SOFT = Sun((0.0, -1.0), 0.0)


def estimate_sun(photo: Bytes, zone: Bytes) -> Sun:
    """photo: RGB (h, w, 3); zone: (h, w), 0 or 255."""
    scale = min(1.0, SIDE / max(zone.shape))
    size = (max(8, round(zone.shape[1] * scale)), max(8, round(zone.shape[0] * scale)))
    small = shrunk(photo, size)
    painted = shrunk(zone, size) > 127
    if not painted.any():
        return SOFT
    colour = log_colour(small)
    means = ground_colours(colour, painted)
    ground, green = _ground(colour, painted, means), is_lawn(colour, painted)
    if np.count_nonzero(ground) < SIDE:
        return SOFT
    side = float(np.clip(-_slope(colour[:, :, 0], ground) / FULL_SLOPE, -1, 1))
    length = float(np.hypot(side, BEHIND))
    bright = float(np.percentile(colour[:, :, 0][painted], 70)) + GRASS * green
    blue = _blueness(colour, painted)
    evidence = blue + 0.8 * (bright - PAPER)
    if green or blue > CLEAR:  # under a clear sky a zone in the shade of a house is dark, too
        evidence = max(evidence, SUNNY * _patchiness(colour[:, :, 0][ground]))
    strength = float(np.clip((evidence - CLOUDY) / (SUNNY - CLOUDY), 0, 1))
    return Sun((side / length, -BEHIND / length), strength)


def _ground(colour: Floats, zone: Bools, means: Floats) -> Bools:
    """Pixels beside and below the zone's top that are of its hue, in sun or shade."""
    certain = hue_certainty(colour[:, :, 0])
    red, blue = (floats(channel) for channel in cv2.split(colour)[1:])
    hue = [((red - mean[1]) * HUES[0]) ** 2 + ((blue - mean[2]) * HUES[1]) ** 2 for mean in means]
    ground = np.min(hue, axis=0) * certain < GROUND_HUE
    ground &= colour[:, :, 0] < float(means[:, 0].max()) + OVERLIT
    ground[: int(np.argmax(zone.any(axis=1)))] = False
    return np.asarray(ground)


def _patchiness(level: Floats) -> float:
    """1 if the ground falls into lit and shaded parts: no lawn is so dark by itself; else 0.

    The parts are told by Otsu's threshold (1979); level: log brightness, (n,).
    """
    scaled = np.clip((level + 6) * 40, 0, 255).astype(np.uint8)
    threshold = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    dark = scaled <= threshold
    if min(dark.mean(), 1 - dark.mean()) < LEAST_PART:
        return 0.0
    fall = float(np.median(level[~dark]) - np.median(level[dark]))
    return float(np.clip((fall - EVEN) / (PATCHY - EVEN), 0, 1))


def _slope(level: Floats, ground: Bools) -> float:
    """Rise of the ground's log brightness from the left to the right border, by least squares."""
    columns = np.nonzero(ground)[1] / ground.shape[1] - 0.5
    values = np.maximum(level[ground], -5)
    spread = float(np.sum((columns - columns.mean()) ** 2))
    return float(np.sum((columns - columns.mean()) * values) / max(spread, 1e-6))


def _blueness(colour: Floats, zone: Bools) -> float:
    """Log ratio of blue to red, less green, of the brighter part of what may be sky; 0 if grey."""
    rows = max(4, int(np.argmax(zone.any(axis=1)) / 2))
    top = floats(colour[:rows].reshape(-1, 3))
    red = top[:, 0] + (2 * top[:, 1] - top[:, 2]) / 3
    sky = (top[:, 2] > -0.05) & (red >= np.percentile(red, 55))
    if np.count_nonzero(sky) < 0.02 * sky.size:
        return 0.0
    return float(np.clip(np.median(top[sky, 2] - top[sky, 1]), 0, 1.5))
