"""How far the zone's ground reaches up in the photo: it ends below the horizon, not far below."""

import cv2
import numpy as np

from integrations.engine.rasters import Bools, Bytes, Floats, floats

WIDTH = 240  # pixels: enough to see where a lawn ends
LIKENESS = 3.0  # spreads of the zone's own colours
LEAST_SPREAD = floats([9.0, 4.0, 4.0])  # Lab, 8 bit
REACH = 0.30  # of the picture's width: a row with less of the ground lies beyond its end


def ground_end(picture: Bytes, zone: Bytes) -> float | None:
    """The row where the ground that looks like the zone ends, as a share of the height.

    picture: RGB (h, w, 3); zone: (h, w), 0 or 255. None if the ground cannot be told apart.
    """
    size = (WIDTH, int(np.clip(WIDTH * zone.shape[0] / zone.shape[1], 8, 4 * WIDTH)))
    small = cv2.GaussianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (5, 5), 0)
    painted = cv2.resize(zone, size, interpolation=cv2.INTER_NEAREST) > 0
    if not painted.any():
        return None
    alike = _like_zone(floats(cv2.cvtColor(small, cv2.COLOR_RGB2LAB)), painted) | painted
    _, labels = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
    ground = labels == np.bincount(labels[painted]).argmax()
    wide = ground.mean(axis=1) >= REACH
    if not wide.any():
        return None
    end = int(np.argmax(wide))
    return None if end <= 0.05 * size[1] else end / size[1]


def _like_zone(lab: Floats, painted: Bools) -> Bools:
    """Pixels whose colour is within a few spreads of the zone's median, (h, w)."""
    inside = lab[painted]
    middle = np.median(inside, axis=0)
    spread = np.maximum(1.48 * np.median(np.abs(inside - middle), axis=0), LEAST_SPREAD)
    away = np.sqrt(np.mean(((lab - middle) / spread) ** 2, axis=2))
    return np.asarray(away < LIKENESS)
