"""Where the sky ends: the horizon lies below the lowest sky, and in the open not far below."""

import cv2
import numpy as np

from integrations.engine.rasters import Bools, Bytes, Floats, floats, shrunk

WIDTH = 240  # pixels: enough to see where the sky ends
SMOOTH = 6.0  # Lab lightness by pixel: clouds are softer than leaves
BRIGHT = 0.62  # of the brightest of the picture
NOT_WARM = 134  # Lab b: above it only what is white is sky
WHITE = 235  # Lab lightness
LOWEST_SKY = 75  # percentile of the columns: beyond near trees, short of those that run into mist
FEWEST_COLUMNS = 0.12  # of the width
USUAL_GAP, GAP_SPREAD = 0.075, 0.7  # of the picture's height; spread of its logarithm
LEAST_GAP = 0.025  # of the picture's height: over bare ground or the sea there may be none
SLACK = 0.01  # of the picture's height, by which the end of the sky may be seen too low
WORST = -2.2  # log-score: a white wall or the sea may be taken for sky


def sky_score(rows: Floats, picture: Bytes, zone: Bytes) -> Floats:
    """Log-score of each candidate row, (n,); all 0 where no sky is seen.

    Log-normal on the gap between the lowest sky and the horizon, which trees and houses fill.
    picture: RGB (h, w, 3); zone: (h, w), 0 or 255, not empty.
    """
    end = sky_end(picture, zone)
    if end is None:
        return np.zeros_like(rows)
    gap = rows / picture.shape[0] - end
    spread = np.log(np.maximum(gap, LEAST_GAP) / USUAL_GAP) / GAP_SPREAD
    return floats(np.where(gap > -SLACK, np.maximum(-0.5 * spread**2, WORST), WORST))


def sky_end(picture: Bytes, zone: Bytes) -> float | None:
    """The row of the lowest sky as a share of the height; None where there is no sky."""
    height, width = zone.shape
    size = (WIDTH, int(np.clip(WIDTH * height / width, 8, 4 * WIDTH)))
    small = shrunk(picture, size)
    sky = _from_the_top(_like_sky(small))
    ends = size[1] - np.argmax(sky[::-1], axis=0)
    zone_top = float(np.flatnonzero(zone.any(axis=1))[0]) / height * size[1]
    # A column that is bright down to the zone is a wall or a glare, and tells of no sky.
    seen = sky.any(axis=0) & (ends < zone_top - 1)
    if seen.mean() < FEWEST_COLUMNS:
        return None
    return float(np.percentile(ends[seen], LOWEST_SKY)) / size[1]


def _like_sky(picture: Bytes) -> Bools:
    """Pixels as smooth and bright as sky, blue or white; (h, w)."""
    lab = cv2.GaussianBlur(floats(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)), (0, 0), 1.0)
    light, warm = lab[:, :, 0], lab[:, :, 2]
    slope = np.hypot(cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)) / 4
    bright = light > BRIGHT * np.percentile(light, 97)
    return np.asarray((slope < SMOOTH) & bright & ((warm < NOT_WARM) | (light > WHITE)))


def _from_the_top(like: Bools) -> Bools:
    """What of it hangs together with the picture's upper border."""
    _, labels = cv2.connectedComponents(like.astype(np.uint8), connectivity=4)
    above = np.unique(labels[0])
    return np.isin(labels, above[above > 0])
