"""What `make` starts and no other test does: each must at least begin, from a bare shell."""

import os
import subprocess
import sys

import pytest

from deploy.tree import ROOT

TOOLS = ["bench", "chaos", "fuzz", "load", "screens"]


@pytest.mark.parametrize("tool", TOOLS)
def test_it_begins(tool: str) -> None:
    shell = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-m", f"tests.{tool}", "--help"]
    ended = subprocess.run(
        command, cwd=ROOT, env=shell, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0 and ended.stdout.startswith("usage:"), ended.stderr


def test_each_of_them_is_in_the_makefile() -> None:
    text = (ROOT / "Makefile").read_text()
    assert all(f"-m tests.{tool} " in text for tool in TOOLS)
