"""How often iacrea is asked about a job, and how late its end is learned, in simulated time.

The product's own `next_poll` decides when; law.py says how long a job takes.
"""

import random
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from projects.pipeline.poll import next_poll
from projects.pipeline.sweep import IDLE_S
from tests.bench.bench import Bench
from tests.bench.law import job_seconds
from tests.bench.report import Row

SEED = 7
FIXED_S = 5
MOST_GETS, MOST_DELAY_S = 6.0, 6.5
START = datetime(2026, 1, 1, tzinfo=UTC)
NextPoll = Callable[[float], float]  # seconds of age, of this poll and of the next


def measure(bench: Bench) -> Iterator[Row]:
    random.seed(SEED)  # of the jitter in next_poll
    gets, delay = learned(settings.FIRST_POLL_S, ours, bench.size.lives)
    theirs = learned(FIXED_S, lambda age: age + FIXED_S, bench.size.lives)
    yield Row(
        "gets a job, without callbacks (simulated)",
        f"{gets:.1f}",
        f"{theirs[0]:.1f}, each {FIXED_S} s",
        goal=f"≤ {MOST_GETS:.0f}",
        met=gets <= MOST_GETS,
    )
    yield Row(
        "mean delay of learning the end (simulated)",
        f"{delay:.1f} s",
        f"{theirs[1]:.1f} s, each {FIXED_S} s",
        goal=f"≤ {MOST_DELAY_S} s",
        met=delay <= MOST_DELAY_S,
    )


def ours(age: float) -> float:
    return (next_poll(START, START + timedelta(seconds=age)) - START).total_seconds()


def learned(first: float, following: NextPoll, lives: int) -> tuple[float, float]:
    """Mean gets and mean delay of so many jobs. The sweep looks each half second at what is due."""
    chance = random.Random(SEED)
    seen = [_life(job_seconds(chance), first, following, chance) for _ in range(lives)]
    return statistics.mean(g for g, _ in seen), statistics.mean(d for _, d in seen)


def _life(
    ends: float, first: float, following: NextPoll, chance: random.Random
) -> tuple[int, float]:
    gets, asked = 1, first + chance.uniform(0, IDLE_S)
    while asked < ends:
        gets, asked = gets + 1, following(asked) + chance.uniform(0, IDLE_S)
    return gets, asked - ends
