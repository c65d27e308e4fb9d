"""The place of a maximum between samples."""

from integrations.engine.rasters import Floats


def refined_peak(places: Floats, values: Floats, best: int) -> float:
    """The top of the parabola through the best value and its neighbours.

    places: evenly spaced, (n,); values: (n,); best: index of the largest value.
    """
    if best in (0, len(places) - 1):
        return float(places[best])
    left, middle, right = (float(value) for value in values[best - 1 : best + 2])
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(places[best] + offset * (places[1] - places[0]))
