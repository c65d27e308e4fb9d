"""How much JavaScript each page makes a browser fetch: gzip of each file that collectstatic makes.

`python -m deploy.scripts` prints it; `make lint` fails above the limits. What a page fetches at
once are its scripts and all that they import; what `import(…)` names comes later, or never.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from rjsmin import jsmin

from deploy.tree import ROOT, project_files

STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
TAG = re.compile(r"<script[^>]*\{% static '(js/[^']+)' %\}")
FRAME = re.compile(r'\{% extends "([^"]+)" %\}')
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?"(\.[^"]+)"', re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
EDITOR = STATIC / "js/mask/editor.js"
# Bytes that a page may fetch at once: one that draws, and any other.
MOST_TO_DRAW = 25_000
MOST = 10_000


def main() -> None:
    for page, names in pages():
        files = at_once(names)
        later = at_once([name for file in files for name in named(LATER, file)]) - files
        print(f"{page}: {weight(files):,} B at once, {weight(later):,} B later")


def too_heavy() -> Iterator[str]:
    for page, names in pages():
        files = at_once(names)
        most = MOST_TO_DRAW if EDITOR in files else MOST
        if weight(files) > most:
            yield f"{page}: {weight(files):,} B of JavaScript at once, more than {most:,}"


def pages() -> Iterator[tuple[str, list[Path]]]:
    """Each template that is a page and has scripts, with those of the frames around it."""
    for path in project_files(".html"):
        if FRAME.search(path.read_text()) and (names := scripts_of(path)):
            yield str(path.relative_to(ROOT)), names


def scripts_of(template: Path) -> list[Path]:
    if not template.exists():  # a frame of the admin's or of a library
        return []
    text = template.read_text()
    around = [TEMPLATES / name for name in FRAME.findall(text)]
    outer = [script for frame in around for script in scripts_of(frame)]
    return outer + [STATIC / name for name in TAG.findall(text)]


def at_once(names: list[Path]) -> set[Path]:
    """With all that they import."""
    found: set[Path] = set()
    waiting = list(names)
    while waiting:
        if (file := waiting.pop().resolve()) not in found:
            found.add(file)
            waiting += named(IMPORT, file)
    return found


def named(how: re.Pattern[str], file: Path) -> list[Path]:
    return [file.parent / name for name in how.findall(file.read_text())]


def weight(files: set[Path]) -> int:
    return sum(len(gzip.compress(jsmin(file.read_bytes()), 9)) for file in files)


if __name__ == "__main__":
    main()
