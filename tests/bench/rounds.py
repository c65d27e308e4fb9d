"""Ours and its rival in turn, so that what else the machine does meets both alike."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.report import Row

Measure = Callable[[], float]


@dataclass(frozen=True)
class Pairs:
    ours: Sequence[float]
    rival: Sequence[float]

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios: a slow minute is slow for both."""
        return statistics.median(a / b for a, b in zip(self.ours, self.rival, strict=True))

    def row(self, figure: str, unit: str, rival: str, goal: float | None = None) -> Row:
        """Of two rates: more is better."""
        return Row(
            figure,
            f"{statistics.median(self.ours):.0f} {unit}",
            f"{statistics.median(self.rival):.0f} {unit}, {rival}",
            f"{self.ratio:.2f}",
            f"≥ {goal}" if goal else "",
            self.ratio >= goal if goal else None,
        )


def alternate(ours: Measure, rival: Measure, rounds: int) -> Pairs:
    """One of each is not counted: it fills caches. Who begins changes with each round."""
    if rounds > 1:
        ours(), rival()
    measured = [_round(ours, rival, rival_first=bool(n % 2)) for n in range(rounds)]
    return Pairs([pair[0] for pair in measured], [pair[1] for pair in measured])


def _round(ours: Measure, rival: Measure, *, rival_first: bool) -> tuple[float, float]:
    if rival_first:
        theirs = rival()
        return ours(), theirs
    return ours(), rival()


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
