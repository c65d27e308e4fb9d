"""The faults file while the machine runs: read again when it changes, and counted."""

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from integrations.emulator.faults.fault import Fault
from integrations.emulator.faults.file import FaultsError, FaultsFile, parse_file
from integrations.emulator.faults.rule import Rule, Subject
from integrations.emulator.faults.simulated import simulated

logger = logging.getLogger(__name__)
Version = tuple[int, int, int]


@dataclass
class Counted:
    rule: Rule
    seed: str
    seen: int = 0  # matching requests that no earlier rule took
    fired: int = 0
    passed: deque[float] = field(default_factory=deque)  # times, within the last second

    def take(self) -> Fault | None:
        self.seen += 1
        fault = self.rule.fault_at(self.seen)
        if fault is None or not self._is_drawn() or not self._is_above():
            return None
        self.fired += 1
        return fault

    def _is_drawn(self) -> bool:
        """By the number of the request, so that a run with the same seed is the same."""
        return Random(f"{self.seed} {self.seen}").random() < self.rule.rate

    def _is_above(self) -> bool:
        """Whether `per_second` others got through within a second."""
        if self.rule.per_second is None:
            return True
        now = time.monotonic()
        while self.passed and self.passed[0] <= now - 1:
            self.passed.popleft()
        if len(self.passed) < self.rule.per_second:
            self.passed.append(now)
            return False
        return True


class Rulebook:
    """Raises `FaultsError` for a file that is malformed at the start.

    A change that is malformed keeps the rules from before it, and is told in the log and in
    `report()`: a half-written file must not end a test run.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._error: str | None = None
        self._version = _version(path) if path else None
        self._use(_read(path) if path else FaultsFile([]))

    def pick(self, subject: Subject) -> Fault | None:
        """What its client asked for, or the fault of the first rule that fires for this request;
        asking counts."""
        if fault := simulated(subject):
            return fault
        with self._turn:
            self._refresh()
            concerned = (c for c in self._rules if c.rule.concerns(subject))
            return next((fault for counted in concerned if (fault := counted.take())), None)

    def picture(self) -> str:
        """How jobs get theirs: drawn, or canned."""
        with self._turn:
            self._refresh()
            return self._picture

    def report(self) -> dict[str, Any]:
        with self._turn:
            self._refresh()
            rules = [
                {"rule": dict(c.rule.written), "seen": c.seen, "fired": c.fired}
                for c in self._rules
            ]
        return {"rules": rules, "error": self._error}

    def _refresh(self) -> None:
        if self._path is None or (version := _version(self._path)) == self._version:
            return
        self._version = version
        try:
            self._use(_read(self._path))
            self._error = None
        except FaultsError as error:
            self._error = str(error)
            logger.error("The earlier rules stay: %s", error)

    def _use(self, file: FaultsFile) -> None:
        self._picture = file.picture
        self._rules = [Counted(rule, f"{file.seed} {n}") for n, rule in enumerate(file.rules)]


def _version(path: Path) -> Version | None:
    """The inode and the size tell apart two writes within one tick of the file's clock."""
    try:
        status = path.stat()
    except OSError:
        return None  # a missing file: reading it says so
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> FaultsFile:
    try:
        return parse_file(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, FaultsError) as error:
        raise FaultsError(f"{path}: {error}") from error
