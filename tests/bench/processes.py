"""What processes use, read from /proc: a process and all below it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
# Of /proc/PID/stat, counted after the name in brackets, which may hold spaces.
USER, SYSTEM = 11, 12


def resident(root: int) -> Mapping[int, int]:
    """RSS in kB, by process."""
    return {pid: _number(pid, "VmRSS") for pid in family(root)}


def cpu_seconds(root: int) -> float:
    """Of those that live."""
    times = [_read(pid, "stat").rpartition(")")[2].split() for pid in family(root)]
    return sum(int(time[USER]) + int(time[SYSTEM]) for time in times if time) / TICKS


def family(root: int) -> set[int]:
    parents = {pid: _number(pid, "PPid") for pid in _processes()}
    return {pid for pid in parents if root in _line_of(pid, parents)}


def _line_of(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _number(pid: int, field: str) -> int:
    lines = _read(pid, "status").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{field}:")), 0)


def _read(pid: int, name: str) -> str:
    """Nothing of a process that has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/{name}").read_text()
    return ""
