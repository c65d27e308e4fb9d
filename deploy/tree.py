"""The files of the project: what git knows, or, in an unpacked archive, what lies there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = {".ci", ".github"}  # any other folder with a dot belongs to a tool
MADE = {"node_modules", "staticfiles", "var", "__pycache__"}


def project_files(*suffixes: str) -> list[Path]:
    """Tracked files and those that the next `git add` would take, with these suffixes if any."""
    found = from_git() if (ROOT / ".git").exists() else walk(ROOT)
    return sorted(p for p in found if p.is_file() and (not suffixes or p.suffix in suffixes))


def from_git() -> Iterator[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (ROOT / name for name in listed.split("\0") if name)


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if not path.is_dir():
            yield path
        elif path.name in OURS or not (path.name in MADE or path.name.startswith(".")):
            yield from walk(path)
