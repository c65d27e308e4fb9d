"""Each figure still runs; what it says at this size means nothing."""

import os
import subprocess
import sys

import pytest

from tests.bench.__main__ import BROWSERS, FIGURES
from tests.chromium import find_chromium
from tests.stack import ROOT

pytestmark = pytest.mark.processes


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """With a PostgreSQL of its own, whatever the tests run on."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1800
    )


def test_each_figure_can_be_measured() -> None:
    """Where there is no Chromium, those that need none; in CI there is one."""
    needs_none = [name for name in FIGURES if name not in BROWSERS]
    named = FIGURES if find_chromium() or os.environ.get("CI") == "true" else needs_none
    done = bench("--toy", *named)
    assert done.returncode == 0, done.stderr[-5000:]
    head, _rule, *rows, machine = done.stdout.splitlines()
    assert head.split()[1::2][:2] == ["figure", "ratio"]
    assert len(rows) >= len(named) and "cores of" in machine


def test_a_figure_that_there_is_not() -> None:
    done = bench("speed")
    assert done.returncode == 2 and "there is no speed" in done.stderr
