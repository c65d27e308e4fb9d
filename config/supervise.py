"""Start the product's processes together and stop them together.

Each child is the leader of its own session, so that Ctrl-C reaches us alone and we stop them in
order: ONE SIGTERM to the child's main process (django-q2 hangs when its workers get it too), a
deadline, then SIGKILL to the whole group.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

RESTART_AFTER_S = 1.0
TICK_S = 0.2


@dataclass
class Process:
    """One child, restarted when it dies."""

    name: str
    argv: Sequence[str]
    log: Path | None  # None: it writes where we do
    environment: Mapping[str, str] = field(default_factory=dict)
    # Seconds since its last sign of life, asked at each look; None when that cannot be told.
    age_s: Callable[[], float | None] | None = None
    max_age_s: float = 60
    child: subprocess.Popen[bytes] | None = None
    started: float = 0

    def start(self) -> None:
        self.started = time.monotonic()
        with self._output() as log:
            self.child = subprocess.Popen(  # noqa: S603  # our own commands
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    def _output(self) -> IO[bytes]:
        """Ours is a copy of the descriptor: /dev/stderr cannot be opened where it is a socket, as
        systemd's journal is."""
        if self.log is None:
            return os.fdopen(os.dup(2), "ab")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("ab")

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    @property
    def is_hung(self) -> bool:
        """Alive, and silent for too long: counted from its start, for it may be the successor."""
        age = self.age_s() if self.age_s else None
        is_young = time.monotonic() - self.started < self.max_age_s
        return age is not None and age >= self.max_age_s and not is_young

    def ask_to_stop(self) -> None:
        if self.child and self.is_running:
            self.child.send_signal(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds), then kill what is left of the group."""
        if self.child is None:
            return
        with suppress(subprocess.TimeoutExpired):  # the group is killed below
            self.child.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):  # the usual case: nothing is left
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


class Supervisor:
    """Runs processes until a signal, restarting the ones that die."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.before_stop: Callable[[], None] = lambda: None
        self.stopping = False
        self._interruptible = False
        self._terminals: list[int] = []

    def catch_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means: stay
            signal.signal(signal.SIGHUP, self._on_signal)
            self._terminals = [number for number in (0, 1, 2) if os.isatty(number)]

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """In here a signal raises KeyboardInterrupt at once, and elsewhere it waits for the next
        look at `stopping`: between fork and our note of it a child would be lost."""
        self._interruptible = True
        try:
            if self.stopping:
                raise KeyboardInterrupt
            yield
        finally:
            self._interruptible = False

    def start(self, *processes: Process) -> None:
        for process in processes:
            self.processes.append(process)
            process.start()

    def run(self) -> None:
        while not (self.stopping or self._terminal_is_gone()):
            self._restart_dead()
            time.sleep(TICK_S)

    def _terminal_is_gone(self) -> bool:
        """Where make is the first process of a terminal (`ssh -t host make demo`), it alone gets
        SIGHUP when that closes, and waits for us."""
        return not all(os.isatty(number) for number in self._terminals)

    def dead(self) -> Process | None:
        return next((process for process in self.processes if not process.is_running), None)

    def stop(self, within_s: float = 10.0) -> None:
        self.stopping = True
        try:
            self.before_stop()
        finally:
            self._stop_processes(time.monotonic() + within_s)

    def _stop_processes(self, deadline: float) -> None:
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.end(deadline)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self._interruptible:
            self._interruptible = False
            raise KeyboardInterrupt

    def _restart_dead(self) -> None:
        for process in self.processes:
            if self.stopping or not (trouble := self._trouble(process)):
                continue
            say(f"{process.name} {trouble}; starting it again (see {process.log or 'above'})")
            # Its own children may have outlived it; and who hangs, or is stopped, hears no SIGTERM.
            process.end(time.monotonic())
            time.sleep(RESTART_AFTER_S)
            process.start()

    def _trouble(self, process: Process) -> str:
        if not process.is_running:
            return "ended"
        return "gives no sign of life" if process.is_hung else ""


def say(line: str) -> None:
    """Print, also where the terminal is gone: a stop must not fail for want of a reader."""
    try:
        print(line, flush=True)
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # for the rest of the process


def manage(*arguments: str) -> list[str]:
    """The argv of a manage.py command with this Python."""
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py"), *arguments]
