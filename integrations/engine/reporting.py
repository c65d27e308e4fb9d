"""What the result says beside the picture: how large the thing is, and what to be careful about."""

from collections.abc import Iterator

import numpy as np

from integrations.engine.rasters import Bytes
from integrations.engine.scene import Scene
from integrations.engine.types import Hints, Horizon, Range, RenderWarning, Size

LOW_CONFIDENCE = 0.3
WHOLE = 0.98  # of the zone
MOSTLY = 0.75  # of the zone


def size_of(scene: Scene, horizon: Horizon) -> Size | None:
    """Extents along the plan's axes; wide bounds, for focal length and height are assumed."""
    rows, columns = np.nonzero(scene.shape.distance > 0)
    if not rows.size:
        return None
    spread = 1.45 - 0.2 * horizon.confidence
    width = float(np.ptp(columns) + 1) * scene.site.plan.cell
    depth = float(np.ptp(rows) + 1) * scene.site.plan.cell
    return Size(_range(width, spread), _range(depth, spread))


def _range(metres: float, spread: float) -> Range:
    return Range(round(metres, 1), round(metres / spread, 1), round(metres * spread, 1))


def warnings_of(
    horizon: Horizon, hints: Hints, zone: Bytes, ground: Bytes, changed: int
) -> Iterator[RenderWarning]:
    """zone: all that was painted, ground: what of it lies on the ground; (h, w), 0 or 255.

    changed: pixels of the photo that are others now.
    """
    if horizon.confidence < LOW_CONFIDENCE:
        yield RenderWarning(
            "horizon_uncertain", "The photo shows few straight lines: sizes are rough."
        )
    if hints.camera_height is None:
        yield RenderWarning("scale_assumed", "Sizes assume a camera held 1.6 m above the ground.")
    if np.count_nonzero(ground) < WHOLE * np.count_nonzero(zone):
        yield RenderWarning(
            "zone_cut", "The part of the zone above or near the horizon was left as it is."
        )
    if changed < MOSTLY * np.count_nonzero(ground):
        yield RenderWarning(
            "zone_partly_built", "Part of the zone was left as it is; paint one simple shape."
        )
