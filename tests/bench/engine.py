"""A picture by the embedded engine, beside what no engine could do without; and through the
emulator while others wait."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench import engine_queue
from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import Pairs
from tests.stack import ROOT

TYPES = ("TERRACE", "POOL", "PETANQUE")


@dataclass(frozen=True)
class Goal:
    width: int
    height: int
    ratio: float  # at most, to the floor
    megabytes: float  # at most, at the highest


GOALS = (Goal(1024, 768, 30, 400), Goal(2048, 1536, 15, 600))


def measure(bench: Bench) -> Iterator[Row]:
    for goal in GOALS:
        for room_type in TYPES:
            yield _row(room_type, goal, bench.size.pictures, bench.size.shrink)
    yield engine_queue.row(bench.size)


def _row(room_type: str, goal: Goal, pictures: int, shrink: int) -> Row:
    width, height = goal.width // shrink, goal.height // shrink
    case = _measured(room_type, width, height, pictures)
    ratio, megabytes = Pairs(case["ours"], case["floor"]).ratio, case["megabytes"]
    return Row(
        f"{room_type} at {width} × {height}, zone 26 %",
        f"{statistics.median(case['ours']):.2f} s, a variation "
        f"{statistics.median(case['again']):.2f} s, at most {megabytes:.0f} MB",
        f"{statistics.median(case['floor']) * 1000:.0f} ms, decode, one warp, encode",
        f"{ratio:.1f}",
        f"≤ {goal.ratio:.0f}, ≤ {goal.megabytes:.0f} MB",
        ratio <= goal.ratio and megabytes <= goal.megabytes,
    )


def _measured(room_type: str, width: int, height: int, pictures: int) -> dict[str, Any]:
    """In a process of its own, for its memory."""
    run = [sys.executable, "-m", "tests.bench.engine_case", room_type]
    run += [str(width), str(height), str(pictures)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr
    case: dict[str, Any] = json.loads(done.stdout)
    return case
