"""What stands in the zone and hides the ground: cars, posts, trunks, chairs, people, bushes.

It is told from the ground by colour, and from stains, beds and shadows by standing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from integrations.engine.camera import Camera
from integrations.engine.palette import (
    ground_colours,
    is_lawn,
    kinds_of,
    log_colour,
    strangeness,
)
from integrations.engine.rasters import Bools, Bytes, shrunk
from integrations.engine.sun import Sun
from integrations.engine.uprightness import View, is_litter, stands

LONG_SIDE = 400  # pixels: enough for a post
REACH = 0.15  # of the width: what stands in the zone is looked at as far as this beside it
STRANGE = 5.0  # squared distance from the ground's colours
SMALLEST = 10  # pixels
LARGEST = 0.45  # of the zone: what covers more of it is its ground
RIM = 6  # pixels
SUNNY = 0.5  # strength of the sun above which its shadows are seen
CLOUDED_SPREAD = 0.9  # log units
BELOW = 0.25  # of a thing: so far below what was found its foot may be
SLIT = 7  # pixels: what is narrower between two things is none of the ground
CLOSED = 0.08  # of a thing's size: narrower gaps in it belong to it


def find_occluders(photo: Bytes, zone: Bytes, camera: Camera, sun: Sun) -> Bools | None:
    """Where something stands before the ground, of a smaller picture's size; None if nowhere.

    photo: RGB (h, w, 3); zone: (h, w), 0 or 255.
    """
    small, painted, scale = _reduced(photo, zone)
    columns = _surroundings(painted)
    view = _view(small[:, columns], painted[:, columns], camera, scale, sun)
    found = np.zeros(painted.shape, np.bool_)
    found[:, columns] = _standing(view)
    count = np.count_nonzero(found & painted)
    return found if 0 < count < LARGEST * np.count_nonzero(painted) else None


def _view(picture: Bytes, zone: Bools, camera: Camera, scale: float, sun: Sun) -> View:
    """scale: of the picture to the photo."""
    colour = log_colour(np.ascontiguousarray(picture))
    ground, lawn = ground_colours(colour, zone), is_lawn(colour, zone)
    sunny = sun.strength > SUNNY
    if not sunny and not lawn:  # no shadow is so dark under clouds
        ground = ground[np.abs(ground[:, 0] - ground[0, 0]) < CLOUDED_SPREAD]
    return View(
        colour=colour,
        zone=zone,
        around=_grown(zone, RIM),
        ground=ground,
        strangeness=strangeness(colour, ground),
        horizon=float(camera.horizon_row) * scale,
        focal=float(camera.focal) * scale,
        sunny=sunny,
        lawn=lawn,
    )


def _reduced(photo: Bytes, zone: Bytes) -> tuple[Bytes, Bools, float]:
    height, width = zone.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = shrunk(photo, size)
    painted = shrunk(zone, size) > 127
    return small, painted if painted.any() else np.ones_like(painted), scale


def _surroundings(zone: Bools) -> slice:
    columns = np.flatnonzero(zone.any(axis=0))
    beside = int(REACH * zone.shape[1])
    return slice(max(0, int(columns[0]) - beside), int(columns[-1]) + beside + 1)


def _grown(filled: Bools, pixels: int) -> Bools:
    square = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return np.asarray(cv2.dilate(filled.astype(np.uint8), square) > 0)


def _standing(view: View) -> Bools:
    strange = np.asarray(view.strangeness > STRANGE)
    standing = np.zeros(view.zone.shape, np.bool_)
    if np.count_nonzero(strange & view.zone) < SMALLEST:
        return standing
    for part in _parts(view, strange):
        if stands(view, part):
            standing |= part & view.around
    return _completed(standing, strange & view.zone)


def _parts(view: View, strange: Bools) -> Iterator[Bools]:
    """Connected parts of one colour that reach into the zone, also beside it."""
    kinds = kinds_of(view.colour, strange & _grown(view.zone, 12))
    for kind in range(int(kinds.max()) + 1):
        same = (strange & (kinds == kind)).astype(np.uint8)
        _, labels = cv2.connectedComponents(same)
        sizes = np.bincount(labels.ravel())
        within = np.bincount(labels[view.zone].ravel(), minlength=sizes.size)
        large = (within >= SMALLEST) & ~is_litter(view, within, sizes - within)
        for label in 1 + np.flatnonzero(large[1:]):
            yield np.asarray(labels == label)


def _completed(standing: Bools, strange: Bools) -> Bools:
    """Each thing with what is strange in its box and just below, and its gaps closed.

    So a car gets its tyres, its windows and the shade beneath it.
    """
    whole = np.zeros(standing.shape, np.uint8)
    for contour in _outlines(_grown(standing, 1).astype(np.uint8)):
        left, top, width, height = cv2.boundingRect(contour)
        foot = top + height + int(BELOW * max(width, height))
        box = np.s_[max(top, 0) : foot, max(left, 0) : left + width]
        thing = (standing | strange)[box].astype(np.uint8)
        gap = 3 + 2 * int(CLOSED * np.sqrt(cv2.contourArea(contour)))
        closed = cv2.morphologyEx(thing, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
        whole[box] |= _touching(np.asarray(closed, np.uint8), standing[box])
    filled = np.zeros(standing.shape, np.uint8)
    cv2.drawContours(filled, _outlines(whole), -1, (1,), cv2.FILLED)
    # Between two things of a hedge a slit of "ground" would be built in mid-air.
    slit = np.ones((1, SLIT), np.uint8)
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_CLOSE, slit) > 0)


def _touching(filled: Bytes, chosen: Bools) -> Bytes:
    """The connected parts of a binary raster that hold some of the chosen pixels."""
    _, labels = cv2.connectedComponents(filled)
    kept = np.unique(labels[chosen & (filled > 0)])
    return np.isin(labels, kept[kept > 0]).astype(np.uint8)


def _outlines(filled: Bytes) -> Sequence[npt.NDArray[Any]]:
    return cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
