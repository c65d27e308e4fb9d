"""`make demo` beside whatever else runs here: a var/ and ports of its own."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.stack import ROOT
from tests.terminal import Terminal

READY = "Ctrl-C stops everything."
READY_S = 90
STOP_S = 30
# The machine's python3 may not be the one that .venv/ was made with, and would make it anew.
MAKE = ["make", "demo", f"PYTHON={Path(sys.executable).resolve()}"]


@contextmanager
def own_var() -> Iterator[Path]:
    """Not the developer's; afterwards no process may be left that was told of it."""
    with tempfile.TemporaryDirectory(prefix="parterre-demo-") as folder:
        var = Path(folder) / "var"
        try:
            yield var
        finally:
            left = still_there(var)
            for number in left:
                os.kill(int(number), signal.SIGKILL)
        assert not left, left


def still_there(var: Path, within_s: float = 3) -> dict[str, str]:
    end = time.monotonic() + within_s
    while (left := processes_of(var)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def processes_of(var: Path) -> dict[str, str]:
    """Number and command of each process with this VAR_DIR."""
    mark, found = f"VAR_DIR={var}".encode(), {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found[folder.name] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it has ended, or is another user's
            continue
    return found


def environment(var: Path, **settings: object) -> dict[str, str]:
    """A newcomer's: nothing of what this test run has set for itself."""
    usual = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return {**usual, "VAR_DIR": str(var), **{name: str(value) for name, value in settings.items()}}


def demo(var: Path, *arguments: str, within: Sequence[str] = (), **settings: object) -> Terminal:
    """`make demo` in a terminal; `within` is what enters another machine first."""
    return Terminal([*within, *MAKE, *arguments], environment(var, **settings), ROOT)


def said_after(label: str, terminal: Terminal) -> str:
    found = re.search(rf"^ *{label} +(\S+)", terminal.output, re.MULTILINE)
    assert found, terminal.output
    return found[1]


def run(var: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "config.demo"],
        env=environment(var, **settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def refusal(var: Path, **settings: object) -> str:
    """What a demo says that cannot start: one line, and exit code 1."""
    result = run(var, **settings)
    assert result.returncode == 1, result
    assert len(result.stderr.splitlines()) == 1 and not result.stdout, result
    return result.stderr
