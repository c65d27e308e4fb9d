"""How long a picture takes: what the last ones of the same upstream took, of all agencies. It is
worked out once a minute in each process, and kept in its memory: a page asks for it again and
again, and the cache may be a table."""

from dataclasses import dataclass
from statistics import median, quantiles
from time import monotonic

from projects.selectors import recent_durations

KEPT_S = 60
# Fewer tell nothing, and are soon more: that nothing is known is kept for a moment only.
ENOUGH = 5
UNKNOWN_S = 5


@dataclass(frozen=True)
class Estimate:
    """In seconds: half of the pictures take less than `usual`, nine of ten less than `late`."""

    usual: float
    late: float


_kept: dict[str, tuple[float, Estimate | None]] = {}


def estimate(upstream_origin: str) -> Estimate | None:
    at, found = _kept.get(upstream_origin, (None, None))
    if at is None or monotonic() - at > (KEPT_S if found else UNKNOWN_S):
        found = _of(recent_durations(upstream_origin))
        _kept[upstream_origin] = (monotonic(), found)
    return found


def kept_estimate(upstream_origin: str) -> Estimate | None:
    """The last one of this process, which costs no query."""
    return _kept.get(upstream_origin, (None, None))[1]


def forget() -> None:
    _kept.clear()


def _of(seconds: list[float]) -> Estimate | None:
    if len(seconds) < ENOUGH:
        return None
    return Estimate(median(seconds), quantiles(seconds, n=10, method="inclusive")[-1])
