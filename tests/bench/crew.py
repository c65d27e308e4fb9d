"""Processes that do the same at once: threads of one would wait for each other's Python."""

import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.stack import ROOT


class Crew:
    """Each runs a module that reads an order a line, and answers each with a line."""

    def __init__(self, count: int, module: str, *arguments: str) -> None:
        argv = [sys.executable, "-m", module, *arguments]
        self._members = [_start(argv) for _ in range(count)]

    def __enter__(self) -> Self:
        for member in self._members:
            _answer(member)  # it is ready
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for member in self._members:
            with suppress(BrokenPipeError):  # it has died, which was told
                member.communicate(timeout=30)

    def do(self, order: str) -> list[str]:
        for member in self._members:
            assert member.stdin
            member.stdin.write(f"{order}\n")
            member.stdin.flush()
        return [_answer(member) for member in self._members]


def _start(argv: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _answer(member: "subprocess.Popen[str]") -> str:
    assert member.stdout
    line = member.stdout.readline()
    assert line, "a process of the crew has died"
    return line.strip()
