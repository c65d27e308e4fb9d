"""How long iacrea works on a job, as far as these figures assume: log-normal, median 45 s."""

import math
import random

MEDIAN_S = 45.0
SIGMA = 0.5
MEAN_S = MEDIAN_S * math.exp(SIGMA**2 / 2)


def job_seconds(chance: random.Random) -> float:
    return chance.lognormvariate(math.log(MEDIAN_S), SIGMA)
