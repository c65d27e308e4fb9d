"""What the result says beside the picture: how large the thing is, and what to be careful about."""

from collections.abc import Iterator

import numpy as np

from integrations.engine.rasters import Bytes
from integrations.engine.scene import Scene
from integrations.engine.types import Hints, Horizon, Range, RenderWarning, Size

LOW_CONFIDENCE = 0.3
WHOLE = 0.98  # of the zone
MOSTLY = 0.75  # of the zone


# Factors between the bounds and the middle, at full and at no confidence: measured so that four
# of five true lengths lie within (`python -m tests.engine.geometry`). Lens and height are assumed.
WIDTH_FACTORS = (1.12, 1.60)
DEPTH_FACTORS = (1.20, 2.00)


def size_of(scene: Scene, horizon: Horizon) -> Size | None:
    """Extents along the plan's axes."""
    rows, columns = np.nonzero(scene.shape.distance > 0)
    if not rows.size:
        return None
    width = float(np.ptp(columns) + 1) * scene.site.plan.cell
    depth = float(np.ptp(rows) + 1) * scene.site.plan.cell
    return size_range(width, depth, horizon.confidence)


def size_range(width: float, depth: float, confidence: float) -> Size:
    """Lengths in metres with bounds; a wrong horizon moves depths more than widths."""
    return Size(_range(width, WIDTH_FACTORS, confidence), _range(depth, DEPTH_FACTORS, confidence))


def _range(metres: float, factors: tuple[float, float], confidence: float) -> Range:
    sure, unsure = factors
    factor = unsure + (sure - unsure) * confidence
    return Range(round(metres, 1), round(metres / factor, 1), round(metres * factor, 1))


def warnings_of(
    horizon: Horizon, hints: Hints, zones: tuple[Bytes, Bytes, Bytes], changed: int
) -> Iterator[RenderWarning]:
    """zones: what was painted, what of it lies on the ground, what of that is built on.

    All (h, w), 0 or 255. changed: pixels of the photo that are others now.
    """
    if horizon.confidence < LOW_CONFIDENCE:
        yield RenderWarning(
            "horizon_uncertain", "The photo shows few straight lines: sizes are rough."
        )
    if hints.camera_height is None:
        yield RenderWarning("scale_assumed", "Sizes assume a camera held 1.6 m above the ground.")
    painted, ground, built = (int(np.count_nonzero(zone)) for zone in zones)
    if ground < WHOLE * painted:
        yield RenderWarning(
            "zone_cut", "The part of the zone above or near the horizon was left as it is."
        )
    if changed < MOSTLY * ground or built < WHOLE * ground:
        yield RenderWarning(
            "zone_partly_built", "Part of the zone was left as it is; paint one simple shape."
        )
