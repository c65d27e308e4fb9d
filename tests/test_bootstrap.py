"""deploy/bootstrap.py in a folder of its own, with sets that hold nothing: no registry is asked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap
from tests.stack import ROOT

PYTHON = Path(sys.executable).resolve()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("deploy/bootstrap.py", "requirements/uv.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("base", "test"):
        (tmp_path / f"requirements/{name}.txt").write_text("# nothing\n")
    return tmp_path


def bootstrapped(clone: Path, *names: str) -> str:
    """With the uv of this test run, where it has one: a set of its own would be fetched."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        [PYTHON, "deploy/bootstrap.py", *names],
        env={**os.environ, "PATH": path},
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_it_installs_once_and_again_only_what_changed(clone: Path) -> None:
    assert "Installed in" in bootstrapped(clone, "base")
    assert bootstrapped(clone, "base") == ""
    (clone / "requirements/base.txt").write_text("# something else\n")
    said = bootstrapped(clone, "base", "test")
    assert "Installing base, test" in said and "Making" not in said
    assert bootstrapped(clone, "base") == bootstrapped(clone, "test") == ""


@pytest.mark.parametrize(
    ("stamp", "usable"),
    [
        ({}, True),
        ({"complete": False}, False),  # a run that was killed
        ({"path": "/elsewhere/.venv"}, False),  # its scripts name the folder they were made in
        ({"python": "3.9"}, False),
        (None, False),  # a full disk
    ],
)
def test_an_environment_that_is_not_whole_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamp: dict[str, object] | None, usable: bool
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed.json")
    bootstrap.write_stamp({"base": "its digest"}, complete=True)
    whole = bootstrap.read_stamp()
    bootstrap.STAMP.write_text("{" if stamp is None else json.dumps({**whole, **stamp}))
    assert bootstrap.is_usable() is usable
