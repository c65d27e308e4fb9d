"""`make audit`: compares each version in requirements/*.txt with the published advisories.

pip-audit asks; this judges. Clean is said only when each version was answered for: left to itself,
pip-audit ends well also where it skipped what it could not look up, or what another platform has.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy import accepted
from deploy.tree import ROOT

SETS = ROOT / "requirements"
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;]+)")
LONGEST_S = 1800
SHOWN = 10


@dataclass(frozen=True, order=True)
class Pin:
    name: str
    version: str


@dataclass(frozen=True)
class Advisory:
    pin: Pin
    ids: frozenset[str]  # its own and those that other lists gave it
    told: str


class CannotAuditError(Exception):
    """Says what was not answered."""


def main(sets: Path = SETS, list_of_accepted: Path = accepted.LIST) -> int:
    try:
        pins = pins_of(sorted(sets.glob("*.txt")))
        found = [advisory for pins_once in rounds(pins) for advisory in ask(pins_once)]
    except CannotAuditError as error:
        print(f"audit: FAILED: {error}")
        return 1
    wrong = [*accepted.complaints(list_of_accepted), *judged(found, list_of_accepted)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"audit: {len(pins)} versions, {len(found)} advisories: {'FAILED' if wrong else 'clean'}")
    return 1 if wrong else 0


def judged(found: list[Advisory], list_of_accepted: Path) -> Iterator[str]:
    """What is neither mended nor accepted, and what is accepted for nothing."""
    known = accepted.pairs(list_of_accepted)
    applying = {(name, a.pin.name) for a in found for name in a.ids}
    for advisory in found:
        if not known & {(name, advisory.pin.name) for name in advisory.ids}:
            yield advisory.told
    for name, package in sorted(known - applying):
        yield f"{list_of_accepted.name}: {name} is no advisory of our {package} any more: delete it"


def pins_of(files: list[Path]) -> set[Pin]:
    lines = [(file, line) for file in files for line in file.read_text().splitlines()]
    pins = {pin(file, line) for file, line in lines if line and line[0] not in " #"}
    if not pins:
        raise CannotAuditError("there is no compiled set with a version in it")
    return pins


def pin(file: Path, line: str) -> Pin:
    if not (found := PIN.match(line)):
        raise CannotAuditError(f"{file.name}: no version is held by {line!r}")
    return Pin(canonicalize_name(found[1]), str(Version(found[2])))


def rounds(pins: Iterable[Pin]) -> list[list[Pin]]:
    """pip-audit takes a package once: second versions, of other Pythons, come in another round."""
    each: list[list[Pin]] = []
    for pin in sorted(pins):
        fitting = (taken for taken in each if pin.name not in {other.name for other in taken})
        if (free := next(fitting, None)) is None:
            each.append(free := [])
        free.append(pin)
    return each


def ask(pins: list[Pin]) -> list[Advisory]:
    return answered(pins, pip_audit(pins))


def answered(pins: list[Pin], report: str) -> list[Advisory]:
    answers = read(report)
    if missing := [f"{pin.name} {pin.version}" for pin in pins if pin not in answers]:
        some = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
        raise CannotAuditError(f"{len(missing)} of {len(pins)} could not be checked: {some}")
    return [advisory for pin in pins for advisory in answers[pin]]


def pip_audit(pins: list[Pin]) -> str:
    """Its report. Without a cache: yesterday's answer is none."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "versions.txt")
        listed.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in pins))
        options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            *options,
            "--cache-dir",
            folder,
            "-r",
            str(listed),
        ]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S)
        except subprocess.TimeoutExpired as error:
            raise CannotAuditError(f"no answer within {LONGEST_S} s") from error
    if not ended.stdout.startswith("{"):
        raise CannotAuditError(f"no answer: {(ended.stderr.strip() or 'nothing').splitlines()[-1]}")
    return ended.stdout


def read(report: str) -> dict[Pin, list[Advisory]]:
    """By version; without those that pip-audit skipped."""
    rows = [row for row in json.loads(report)["dependencies"] if "version" in row]
    pins = [Pin(canonicalize_name(row["name"]), row["version"]) for row in rows]
    return {
        pin: [advisory(pin, told) for told in row["vulns"]]
        for pin, row in zip(pins, rows, strict=True)
    }


def advisory(pin: Pin, told: dict[str, Any]) -> Advisory:
    ids = [told["id"], *told["aliases"]]
    mended = ", ".join(told["fix_versions"]) or "no version yet"
    line = f"{pin.name} {pin.version}: {' '.join(ids)}, mended in {mended}: {told['description']}"
    return Advisory(pin, frozenset(ids), line[:300])


if __name__ == "__main__":
    sys.exit(main())
