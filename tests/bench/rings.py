"""How soon an end is learned when iacrea calls: the real product, the emulator's callback."""

from collections.abc import Iterator, Sequence

from projects.pipeline.sweep import IDLE_S
from tests.bench.bench import Bench
from tests.bench.drive import Driver
from tests.bench.learning import FIXED_S, learned
from tests.bench.report import Row
from tests.bench.rounds import percentile

GOAL_S = 0.5
# From the first ring of each job's doorbell to its next steps.
DELAYS = """
SELECT EXTRACT(EPOCH FROM MIN(event.created_at) FILTER (WHERE event.kind = 'archiving') - ring.at),
       EXTRACT(EPOCH FROM MIN(event.created_at) FILTER (WHERE event.kind = 'succeeded') - ring.at)
FROM projects_generationevent AS event JOIN (
    SELECT generation_id, MIN(received_at) AS at FROM projects_callbackreceipt
    JOIN projects_attempt ON projects_attempt.id = attempt_id GROUP BY generation_id
) AS ring USING (generation_id)
JOIN projects_generation AS job ON job.id = generation_id
WHERE job.agency_id = %s GROUP BY generation_id, ring.at
"""


def measure(bench: Bench) -> Iterator[Row]:
    with Driver(bench.stack, photos=10_000) as driver:
        driver.run(bench.size.callbacks, at_once=2)
        found = driver.query(DELAYS, driver.agency_id)
    assert len(found) == bench.size.callbacks, "each was rung for"
    yield from _rows([float(r[0]) for r in found], [float(r[1]) for r in found], bench.size.lives)


def _rows(learnt: Sequence[float], archived: Sequence[float], lives: int) -> Iterator[Row]:
    p50 = percentile(learnt, 50)
    _gets, fixed = learned(FIXED_S, lambda age: age + FIXED_S, lives)
    yield Row(
        f"p50 from callback to the end learned, sweep each {IDLE_S} s",
        f"{p50:.2f} s, p99 {percentile(learnt, 99):.2f} s",
        f"{fixed:.1f} s, each {FIXED_S} s (simulated)",
        goal=f"≤ {GOAL_S} s",
        met=p50 <= GOAL_S,
    )
    yield Row(
        "p50 from callback to the picture archived and charged",
        f"{percentile(archived, 50):.2f} s, p99 {percentile(archived, 99):.2f} s",
        "",
    )
