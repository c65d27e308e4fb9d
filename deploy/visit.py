"""What a first visitor does: start `make demo`, wait until it is ready, make a picture, Ctrl-C.

`make fresh` runs this in a bare Debian. Exit 0 when all of it worked and no process was left.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

INSTALLED = "Preparing the database"
READY = "Parterre is ready"
SAMPLES = Path("static/samples")
PICTURE = Path("var/first-picture.png")
# Typed beside the ready demo, in the same folder.
FIRST_PICTURE = (
    ".venv/bin/python manage.py generate --room-type TERRACE "
    f"{SAMPLES}/garden.jpg {SAMPLES}/garden-mask.png --out {PICTURE}"
)
READY_SECONDS = 600.0
PICTURE_SECONDS = 120.0
STOP_SECONDS = 60.0


class VisitError(Exception):
    """Says which of the visitor's steps went wrong."""


class Demo:
    """`make demo` as a terminal runs it: its own process group, which Ctrl-C reaches as a whole."""

    def __init__(self, *, port: int) -> None:
        self.output: list[str] = []
        self.ready = threading.Event()
        self.installed_at = 0.0
        self.process = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            print(line, end="", flush=True)
            self.output.append(line)
            if line.startswith(INSTALLED):
                self.installed_at = time.monotonic()
            if line.startswith(READY):
                self.ready.set()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready.wait(0.1):
            if self.process.poll() is not None:
                raise VisitError(f"make demo ended with {self.process.returncode} before ready")
            if time.monotonic() > deadline:
                raise VisitError(f"make demo was not ready within {READY_SECONDS:.0f} s")

    def interrupt(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise VisitError(f"make demo ran on for {STOP_SECONDS:.0f} s after Ctrl-C") from None
        if any(line.startswith("make: ***") for line in self.output):
            raise VisitError("make demo called Ctrl-C an error")

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)


def main() -> int:
    before = processes()
    demo = Demo(port=free_port())
    try:
        timed("ready", demo.wait_until_ready)
        print(f"visit: of which {time.monotonic() - demo.installed_at:.1f} s once installed")
        timed("first picture", first_picture)
        timed("stopped", demo.interrupt)
        timed("nothing left", lambda: nothing_left(before))
    except VisitError as error:
        print(f"visit: {error}", file=sys.stderr)
        return 1
    finally:
        demo.kill()
    return 0


def timed(name: str, step: Callable[[], None]) -> None:
    started = time.monotonic()
    step()
    print(f"visit: {name} after {time.monotonic() - started:.1f} s", flush=True)


def first_picture() -> None:
    PICTURE.unlink(missing_ok=True)
    try:
        code = subprocess.run(FIRST_PICTURE.split(), timeout=PICTURE_SECONDS).returncode
    except subprocess.TimeoutExpired:
        raise VisitError(f"no picture within {PICTURE_SECONDS:.0f} s") from None
    if code or not PICTURE.exists():
        raise VisitError(f"no picture: exit code {code} of {FIRST_PICTURE}")


def nothing_left(before: set[str]) -> None:
    """Exact in the namespace of `make fresh`, where nobody else starts processes."""
    left = processes() - before
    if left:
        raise VisitError("processes left behind: " + ", ".join(sorted(left)))


def processes() -> set[str]:
    """The running processes as `PID COMMAND`, without those that wait to be collected."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            command = (folder / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:  # it ended while being read
            continue
        if state != "Z":
            found.add(f"{folder.name} {command}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
