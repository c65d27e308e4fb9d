"""A command in a terminal of its own: keys are typed, lines are read, the window can be closed."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CTRL_C = "\x03"


class Terminal:
    """The command leads the terminal's session, as under `ssh -t` or in a new window."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.output = ""
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            # A test run under nohup hands down that a hang-up is ignored.
            ["setsid", "--ctty", "env", "--default-signal=HUP", *argv],
            env=dict(environment),
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def read_until(self, text: str, within_s: float) -> None:
        end = time.monotonic() + within_s
        while text not in self.output:
            assert self._read(), f"it ended without {text!r}:\n{self.output}"
            assert time.monotonic() < end, f"no {text!r} within {within_s} s:\n{self.output}"

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def close(self) -> None:
        os.close(self._ours)

    def end(self, within_s: float) -> None:
        """What it still says is read, and then its end is awaited."""
        end = time.monotonic() + within_s
        while self._read():
            assert time.monotonic() < end, f"it runs on:\n{self.output}"
        self.process.wait(max(1.0, end - time.monotonic()))
        self.close()

    def _read(self) -> bool:
        """False once nobody holds the terminal any more."""
        if not select.select([self._ours], [], [], 0.1)[0]:
            return True
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # how Linux tells it
            return False
        self.output += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)
