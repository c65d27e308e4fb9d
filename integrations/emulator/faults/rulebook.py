"""The faults file while the machine runs: read again when it changes, and counted."""

import json
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.emulator.faults.rule import FaultsError, Rule, parse_rules, rule_json

logger = logging.getLogger(__name__)
Version = tuple[int, int, int]


@dataclass
class Counted:
    rule: Rule
    seen: int = 0  # matching requests that no earlier rule took
    fired: int = 0

    def fires(self) -> bool:
        self.seen += 1
        fires = self.rule.fires_at(self.seen)
        self.fired += fires
        return fires


class Rulebook:
    """Raises `FaultsError` for a file that is malformed at the start.

    A change that is malformed keeps the rules from before it, and is told in the log and in
    `report()`: a half-written file must not end a test run.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._error: str | None = None
        self._rules: list[Counted] = []
        self._version: Version | None = None
        if path:
            self._version = _version(path)
            self._rules = _read(path)

    def pick(self, call: str, user_id: str | None, room_type: str | None) -> Rule | None:
        """The first rule that fires for this request; asking counts."""
        with self._turn:
            self._refresh()
            for counted in self._rules:
                if counted.rule.concerns(call, user_id, room_type) and counted.fires():
                    return counted.rule
        return None

    def report(self) -> dict[str, Any]:
        with self._turn:
            self._refresh()
            rules = [
                {"rule": json.loads(rule_json(c.rule)), "seen": c.seen, "fired": c.fired}
                for c in self._rules
            ]
        return {"rules": rules, "error": self._error}

    def _refresh(self) -> None:
        if self._path is None or (version := _version(self._path)) == self._version:
            return
        self._version = version
        try:
            self._rules = _read(self._path)
            self._error = None
        except FaultsError as error:
            self._error = str(error)
            logger.error("The earlier rules stay: %s", error)


def _version(path: Path) -> Version | None:
    """The inode and the size tell apart two writes within one tick of the file's clock."""
    try:
        status = path.stat()
    except OSError:
        return None  # a missing file: reading it says so
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> list[Counted]:
    try:
        return [Counted(rule) for rule in parse_rules(path.read_text("utf-8"))]
    except (OSError, UnicodeDecodeError, FaultsError) as error:
        raise FaultsError(f"{path}: {error}") from error
