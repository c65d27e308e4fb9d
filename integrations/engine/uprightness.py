"""Whether a thing stands in the zone or lies flat on its ground, as stains and shadows do.

Taken for something flat, what stands would be much longer than wide: the eye is not far above the
ground.
"""

from dataclasses import dataclass

import numpy as np

from integrations.engine.palette import hue_distance, is_leaf
from integrations.engine.rasters import Bools, Floats, Indices, floats

LITTER = 0.0015  # of the zone: a thing wholly inside is no smaller
PLAIN = 15.0  # strangeness of a thing wholly inside: a dry patch of a lawn is less strange
FLATTEST = 0.04  # how long a square on the ground looks against its width, at the least
UPRIGHT, UPRIGHT_ACROSS, UPRIGHT_SHADE = 1.9, 1.6, 2.5  # length over width if it lay flat
ACROSS = 0.3  # of what is in the zone: with so much more beside it, it reaches in from there
FOOTROOM = 3  # pixels of the zone below what stands in it
THIN = 0.08  # of the zone's width
DARKER, SAME_HUE = 0.5, 2.0  # log units; hue distance: a shadow is this dark and no stranger


@dataclass(frozen=True)
class View:
    """The photo made small and cut to the zone's surroundings."""

    colour: Floats  # log colour (h, w, 3)
    zone: Bools  # (h, w)
    around: Bools  # the zone and a rim beside it, so that what stands is not cut at its edge
    ground: Floats  # log colours (k, 3)
    strangeness: Floats  # (h, w), squared distance from the ground's colours
    horizon: float  # row
    focal: float  # pixels
    sunny: bool  # there are shadows
    lawn: bool  # the ground is green

    def stretch(self, part: Bools) -> float:
        """Length over width of a part if it lay on the ground."""
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        width = float(np.ptp(columns) + 1)
        if columns[0] == 0 or columns[-1] == part.shape[1] - 1:
            width *= 2  # the frame cuts it: it goes on outside
        flat = max((float(rows[-1]) - self.horizon) / self.focal, FLATTEST)
        return float(np.ptp(rows) + 1) / width / flat


def is_litter(view: View, within: Indices, beside: Indices) -> Bools:
    """Which things are too small to stand, by their pixels in the zone and beside it, (n,)."""
    small = within < LITTER * np.count_nonzero(view.zone)
    return np.asarray(small & (beside <= ACROSS * within))


def stands(view: View, part: Bools) -> bool:
    """part: connected pixels of one strange colour (h, w), in the zone and beside it; no litter."""
    within = part & view.zone
    stretch, beside = view.stretch(within), np.count_nonzero(part & ~view.zone)
    crosses = beside > ACROSS * np.count_nonzero(within)
    if crosses and _is_hedge(view, within):
        return True
    if view.lawn and _is_bright_grass(view, within):
        return False
    if view.sunny and _is_shade(view, within):
        return min(stretch, view.stretch(part)) > UPRIGHT_SHADE and _foot_within(view, part)
    if not crosses:
        plain = float(np.median(view.strangeness[within])) > PLAIN
        return stretch > UPRIGHT and plain
    upright = _tall(view, part) or view.stretch(part) > UPRIGHT_ACROSS
    return upright and (stretch > 0.9 or _width(within) < THIN * _width(view.zone))


def _tall(view: View, part: Bools) -> bool:
    """Nearly as high as the eye, for it reaches nearly up to the horizon."""
    top, foot = (
        np.flatnonzero(part.any(axis=1))[0],
        np.flatnonzero((part & view.zone).any(axis=1))[-1],
    )
    return bool(top < view.horizon + 0.15 * (foot - view.horizon))


def _width(part: Bools) -> int:
    return int(np.ptp(np.flatnonzero(part.any(axis=0)))) + 1


def _foot_within(view: View, part: Bools) -> bool:
    """A shadow passes through the zone; what stands in it ends in it."""
    foot = int(np.flatnonzero(part.any(axis=1))[-1])
    below = view.zone[foot:, part[foot]].sum(axis=0)
    return bool(below.max(initial=0) > FOOTROOM)


def _is_hedge(view: View, within: Bools) -> bool:
    """Leaves over ground that is no lawn: they hang into the zone from beside it."""
    return is_leaf(floats(np.median(view.colour[within], axis=0))) and not view.lawn


def _is_bright_grass(view: View, within: Bools) -> bool:
    """Leaves brighter than the rest of the lawn: a bush beside it is darker."""
    colour = floats(np.median(view.colour[within], axis=0))
    return is_leaf(colour) and bool(colour[0] > view.ground[:, 0].max())


def _is_shade(view: View, within: Bools) -> bool:
    """Darker than the ground and of its hue: as a shadow on it, but also as a person in grey."""
    colours = view.colour[within]
    lit = float(np.max(view.ground[:, 0]))
    return bool(
        np.median(colours[:, 0]) < lit - DARKER and hue_distance(colours, view.ground) < SAME_HUE
    )
