"""Each figure still runs; what it says at this size means nothing."""

import os
import subprocess
import sys

import pytest

from tests.bench.__main__ import FIGURES
from tests.stack import ROOT

pytestmark = pytest.mark.processes


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """With a PostgreSQL of its own, whatever the tests run on."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1200
    )


def test_each_figure_can_be_measured() -> None:
    done = bench("--toy")
    assert done.returncode == 0, done.stderr[-5000:]
    head, _rule, *rows = done.stdout.splitlines()
    assert head.startswith("| figure") and len(rows) >= len(FIGURES)


def test_a_figure_that_there_is_not() -> None:
    done = bench("speed")
    assert done.returncode == 2 and "there is no speed" in done.stderr
