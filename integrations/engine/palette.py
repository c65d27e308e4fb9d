"""The colours of the zone's ground, and what in the photo has no such colour.

Colours are (mean, red - green, blue - green) of the logarithm of linear light: a shadow moves the
first and hardly the others, for it falls on everything alike.
"""

import cv2
import numpy as np

from integrations.engine.colour import linear
from integrations.engine.rasters import Bools, Bytes, Floats, Ints, blurred, floats

NOISE_FLOOR = 0.004  # linear light: below it the logarithm shows noise
WEIGHTS = floats([1.8, 6.0, 3.6])  # of a step in each coordinate, for grouping
HUES = floats([6.2, 3.6])  # of a step in the second and third, for strangeness
LIGHT_STEP, LIGHT_SPREAD = 0.45, 0.35  # log units by which the ground's own light varies
GROUND_KINDS, STRANGE_KINDS = 7, 6
GROUND_SHARE, EDGE_SHARE, LARGE_SHARE = 0.10, 0.15, 0.35
OTHER_GROUND = 4.0  # hue distance: what is farther from most of the ground is a hedge on gravel
LEAF_RED, LEAF_BLUE = -0.12, -0.7  # of leaves against their green
BAND = 9  # pixels
SAMPLES = 4000
ROUNDS = 8


def log_colour(picture: Bytes) -> Floats:
    """RGB (h, w, 3) to log colour (h, w, 3), softened by a pixel."""
    red, green, blue = cv2.split(np.log(linear(picture) + NOISE_FLOOR))
    return blurred(floats(cv2.merge([(red + green + blue) / 3, red - green, blue - green])), 0.9)


def ground_colours(colour: Floats, zone: Bools) -> Floats:
    """Log colours of the ground, (k, 3): what fills much of the zone, or of its near edge.

    The first is that of most of it.
    """
    kinds = _grouped(colour[zone], GROUND_KINDS)
    within = _shares(_nearest(colour[zone], kinds), len(kinds))
    beside = _shares(_nearest(colour[_near_edge(zone)], kinds), len(kinds))
    order = np.argsort(-within, kind="stable")
    kinds, within, beside = kinds[order], within[order], beside[order]
    away = _hue_steps(kinds, kinds[:1])
    chosen = (within > GROUND_SHARE) | (beside > EDGE_SHARE)
    chosen = (chosen & (away < OTHER_GROUND)) | (within > LARGE_SHARE)
    return floats(kinds[chosen | (within == within[0])])


def strangeness(colour: Floats, ground: Floats) -> Floats:
    """Squared distance from the nearest colour of the ground, (h, w); light alone counts less."""
    level, red, blue = (floats(channel) for channel in cv2.split(colour))
    nearest = np.full(level.shape, np.inf, np.float32)
    certain = hue_certainty(level)
    for mean in ground:
        step = np.maximum(np.abs(level - mean[0]) - LIGHT_STEP, 0) / LIGHT_SPREAD
        hue = ((red - mean[1]) * HUES[0]) ** 2 + ((blue - mean[2]) * HUES[1]) ** 2
        nearest = np.minimum(nearest, hue * certain + step * step)
    return nearest


def hue_distance(colours: Floats, ground: Floats) -> float:
    """Of the median of some colours (n, 3) from the nearest of the ground, whatever their light."""
    return float(np.min(_hue_steps(ground, floats(np.median(colours, axis=0))[None])))


def is_leaf(colour: Floats) -> bool:
    """Whether a log colour (3,) is that of grass or leaves."""
    return bool(colour[1] < LEAF_RED and colour[2] < LEAF_BLUE)


def is_lawn(colour: Floats, zone: Bools) -> bool:
    """Whether the lighter half of the zone is green: the darker half may be too dark to tell."""
    within = colour[zone]
    lighter = within[within[:, 0] >= np.median(within[:, 0])]
    return is_leaf(floats(np.median(lighter, axis=0)))


def hue_certainty(level: Floats) -> Floats:
    """Dark pixels show little hue, and what they show is noise and the blue of the sky; 0..1."""
    return floats(1 / (1 + 0.02 * np.exp(-level)))


def _hue_steps(colours: Floats, other: Floats) -> Floats:
    """Hue distance of colours (n, 3) from another (1, 3), less where either is dark."""
    certain = hue_certainty(np.minimum(colours[:, 0], other[:, 0]))
    return floats(np.linalg.norm((colours[:, 1:] - other[:, 1:]) * HUES, axis=1) * np.sqrt(certain))


def kinds_of(colour: Floats, chosen: Bools) -> Ints:
    """Numbers 0.. of the colour group of every pixel, grouped by the chosen ones; (h, w)."""
    return _nearest(colour, _grouped(colour[chosen], STRANGE_KINDS))


def _near_edge(zone: Bools) -> Bools:
    """A band along the zone's sides and foot, within and without."""
    filled, square = zone.astype(np.uint8), np.ones((BAND, BAND), np.uint8)
    band = np.asarray(cv2.dilate(filled, square) > cv2.erode(filled, square, borderValue=1))
    rows = np.flatnonzero(zone.any(axis=1))
    band[: (rows[0] + rows[-1]) // 2] = False
    return band if band.any() else zone


def _grouped(colours: Floats, count: int) -> Floats:
    """Means of `count` groups: k-means that starts from brightness, so without chance."""
    points = np.ascontiguousarray(colours[:: max(1, len(colours) // SAMPLES)] * WEIGHTS)
    count = max(1, min(count, len(points) // 2))
    order = np.argsort(points[:, 0] + 0.3 * points[:, 1], kind="stable")
    labels = np.zeros((len(points), 1), np.int32)
    labels[order, 0] = np.arange(len(points)) * count // len(points)
    rule = (cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 0)
    _, _, means = cv2.kmeans(points, count, labels, rule, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return floats(means / WEIGHTS)


def _nearest(colours: Floats, means: Floats) -> Ints:
    """Number of the nearest mean: the smallest |m|^2 - 2 c.m, which one product tells for all."""
    weighted, means = colours * WEIGHTS, means * WEIGHTS
    distance = (means**2).sum(axis=1) - 2 * weighted @ means.T
    return np.asarray(np.argmin(distance, axis=-1), np.int32)


def _shares(numbers: Ints, count: int) -> Floats:
    return floats(np.bincount(numbers.ravel(), minlength=count) / max(1, numbers.size))
