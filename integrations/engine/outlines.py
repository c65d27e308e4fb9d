"""Which outline a recipe builds in the zone."""

from dataclasses import replace

import cv2
import numpy as np

from integrations.engine.errors import MaskTooThin
from integrations.engine.rasters import Bools
from integrations.engine.scene import CONTACT
from integrations.engine.shapes import Outline, Shape, common_part, inset, rounded, shape_of
from integrations.engine.site import Site
from integrations.engine.tracing import (
    largest_cosine,
    largest_rectangle,
    outline_in_picture,
    outline_in_plan,
    polygon_area,
)

# How far a side may leave the zone's edge (share of the picture's long side), and how many corners
# may remain: a few true corners are kept, a wavering hand's straight line becomes straight.
CORNERED = ((0.004, 12), (0.012, 8), (0.020, 6))
FOUR_CORNERED = 0.015
MOST_OVERSHOOT = 0.40  # metres
RECTANGLE_SHARE = 0.70  # of the zone: below it the zone was not meant as a rectangle
SKEWED = 0.70  # cosine: sharper corners than 45 degrees make no court
LEAST_SOFTENING, MOST_SOFTENING = 0.3, 1.4  # metres


def regular(site: Site, top: float, smallest: float, corner: float) -> Shape:
    """The zone's four corners if it has them, a rectangle if one fills it, or else its free form.

    top: height of the edging, metres; smallest: metres from edge to middle that are needed;
    corner: rounding, metres. Both the footprint and the top stay inside the zone.
    Raises `MaskTooThin`.
    """
    inside = _common_inside(site, top)
    corners = _four_corners(site, top, inside)
    if corners is not None:
        return _checked(inset(rounded(corners, corner), CONTACT), smallest)
    rectangle = largest_rectangle(inside, site.plan)
    area = float(np.count_nonzero(inside)) * site.plan.cell**2
    if polygon_area(rectangle) >= RECTANGLE_SHARE * area:
        shape = rounded(shape_of(site.plan, [rectangle]), corner)
    else:
        shape = _free_form(site, inside, one_part=True)
    return _checked(inset(shape, CONTACT), smallest)


def exact(site: Site, top: float, smallest: float) -> Shape:
    """The zone itself: with its own corners if they are few, else in a softened free form.

    Raises `MaskTooThin`.
    """
    inside = _common_inside(site, top)
    for tolerance, most in CORNERED:
        shape = _cornered(site, top, inside, tolerance, most)
        if shape is not None:
            return _checked(inset(shape, CONTACT), smallest)
    return _checked(inset(_free_form(site, inside, one_part=False), CONTACT), smallest)


def _cornered(site: Site, top: float, inside: Bools, tolerance: float, most: int) -> Shape | None:
    """The zone with straight sides, drawn in until they lie inside it; None if that is too far."""
    tolerance = max(1.5, tolerance * max(site.zone.shape))
    foot = outline_in_picture(site.zone, site.plan, 0.0, tolerance)
    above = outline_in_picture(site.zone, site.plan, top, tolerance)
    if not foot or not above or sum(len(polygon) for polygon in foot) > most:
        return None
    shape = common_part(shape_of(site.plan, foot), shape_of(site.plan, above))
    seen = ~inside & _in_picture(site)
    overshoot = float(np.max(shape.distance, where=seen, initial=0)) - site.plan.cell
    return inset(shape, max(overshoot, 0)) if overshoot < MOST_OVERSHOOT else None


def _four_corners(site: Site, top: float, inside: Bools) -> Shape | None:
    """The zone itself if it was given by four corners that are not too sharp on the ground."""
    tolerance = FOUR_CORNERED * max(site.zone.shape)
    foot = outline_in_picture(site.zone, site.plan, 0.0, tolerance)
    if len(foot) != 1 or len(foot[0]) != 4 or largest_cosine(foot[0]) > SKEWED:
        return None
    return _cornered(site, top, inside, FOUR_CORNERED, most=4)


def _common_inside(site: Site, top: float) -> Bools:
    inside = site.plan.inside(site.zone) & site.plan.inside(site.zone, top)
    if not inside.any():
        raise MaskTooThin
    return inside


def _in_picture(site: Site) -> Bools:
    """Cells of the plan that the picture shows: only there can a side leave the zone."""
    u, v, depth = site.plan.to_picture(*site.plan.cells(), 0.0)
    height, width = site.zone.shape
    return np.asarray((depth > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height))


def _free_form(site: Site, inside: Bools, one_part: bool) -> Shape:
    """The raster's outline with its corners rounded, the more the larger it is."""
    cell = site.plan.cell
    half_width = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3).max() * cell
    softening = float(np.clip(0.35 * half_width, LEAST_SOFTENING, MOST_SOFTENING))
    outline: Outline = outline_in_plan(inside, site.plan, softening, one_part)
    if not outline:
        raise MaskTooThin
    return replace(rounded(shape_of(site.plan, outline), 2 * cell), corners=())


def _checked(shape: Shape, smallest: float) -> Shape:
    if shape.deepest < smallest:
        raise MaskTooThin
    return shape
