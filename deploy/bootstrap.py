"""Install requirement sets into .venv/: `python3 deploy/bootstrap.py base engine`.

Runs with the machine's own Python and its standard library only. Every file that is installed
is checked against the hashes in requirements/. A second run with nothing to do is instant.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"


class CannotInstallError(Exception):
    """Carries the one line that the person at the terminal needs."""


def main(names: list[str]) -> int:
    started = time.monotonic()
    try:
        require_python()
        # Two `make` at once: the second waits. The kernel lets go when a run is killed.
        with Path(__file__).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if install(names):
                say(f"Installed in {time.monotonic() - started:.0f} s.")
    except CannotInstallError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # older ones must be able to say so
        raise CannotInstallError(
            f"Parterre needs Python 3.11 or newer, and {sys.executable} is "
            f"{sys.version.split()[0]}. With a newer one: make PYTHON=python3.12 …"
        )


def install(names: list[str]) -> bool:
    """Return whether there was anything to do."""
    wanted = {name: digest(requirements(name)) for name in names}
    if not is_usable():
        make_venv()
    stamp = read_stamp()
    if stamp["sets"].items() >= wanted.items():
        return False
    write_stamp(stamp["sets"], complete=False)
    install_packages(names)
    write_stamp({**stamp["sets"], **wanted}, complete=True)
    return True


def requirements(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- the stamp: what is in .venv/, and for which Python and place


def identity() -> dict[str, str]:
    """What a virtual environment does not survive a change of."""
    return {"python": "{}.{}".format(*sys.version_info), "path": str(VENV)}


def here(stamp: dict[str, Any]) -> bool:
    return identity().items() <= stamp.items()


def read_stamp() -> dict[str, Any]:
    if not STAMP.exists():
        return {**identity(), "sets": {}, "complete": True}
    stamp: dict[str, Any] = json.loads(STAMP.read_text())
    return stamp


def write_stamp(sets: dict[str, str], *, complete: bool) -> None:
    STAMP.write_text(json.dumps({**identity(), "sets": sets, "complete": complete}))


def is_usable() -> bool:
    """Say whether .venv/ is whole: a killed run leaves one that looks installed and is not."""
    if not STAMP.exists():
        return has_pip(VENV_PYTHON)  # made by hand: adopted, unless `venv` itself was cut short
    try:
        stamp = read_stamp()
    except ValueError:
        return False
    return bool(stamp["complete"]) and here(stamp) and runs(VENV_PYTHON)


# --- making .venv/


def make_venv() -> None:
    if not has_module("ensurepip") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("This Python cannot make virtual environments: installing Debian's python3-venv.")
        apt_install("python3-venv")
    # Without ensurepip, the machine's own pip or uv installs into a .venv/ that has no pip.
    options = [] if has_module("ensurepip") else ["--without-pip"]
    if options and not (has_pip(Path(sys.executable)) or shutil.which("uv")):
        raise CannotInstallError(
            "This Python has neither venv nor pip. Type this, then the same make again: "
            "sudo apt-get install -y python3-venv"
        )
    say(f"Making {VENV.name}/ with Python {sys.version.split()[0]}.")
    if not succeeds([sys.executable, "-m", "venv", "--clear", *options, str(VENV)]):
        raise CannotInstallError(f"Could not make {VENV}: the lines above say why.")


def apt_install(*packages: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-q"],
        ["install", "-q", "-y", "--no-install-recommends", *packages],
    ):
        if not succeeds(["apt-get", *command], env=environment):
            raise CannotInstallError(
                f"apt-get {command[0]} failed, so {' '.join(packages)} could not be installed: "
                "the lines above say why."
            )


# --- filling .venv/


def install_packages(names: list[str]) -> None:
    say(f"Installing {', '.join(names)} into {VENV.name}/ (the first time takes a while).")
    files = [part for name in names for part in ("-r", str(requirements(name)))]
    if install_with_uv(files):
        return
    # uv ignores pip's configuration: where only pip was told of a mirror, only pip gets through.
    say("Installing with pip instead of uv.")
    if not pip_installs(*files):
        raise CannotInstallError(
            "The packages could not be installed: the lines above say why. "
            "PyPI must be reachable with pip as it is configured on this machine."
        )


def install_with_uv(files: list[str]) -> bool:
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    if not Path(uv).exists() and not pip_installs("-q", "-r", str(requirements("uv"))):
        return False
    # Compiled once, as pip does it: under PYTHONDONTWRITEBYTECODE each start would do it again.
    options = ["--python", str(VENV_PYTHON), "--require-hashes", "--compile-bytecode"]
    return succeeds([uv, "pip", "install", *options, *files])


def pip_installs(*arguments: str) -> bool:
    pip = [str(VENV_PYTHON), "-m", "pip"]
    if not has_pip(VENV_PYTHON):
        pip = [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    # A configuration with `user = true` would refuse a virtual environment.
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return succeeds([*pip, "install", "--require-hashes", *arguments], env=environment)


# --- small helpers


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def has_pip(python: Path) -> bool:
    return runs(python, "-m", "pip", "--version")


def runs(python: Path, *arguments: str) -> bool:
    command = [str(python), *(arguments or ("-c", ""))]
    return python.exists() and subprocess.run(command, capture_output=True).returncode == 0


def succeeds(command: list[str], env: dict[str, str] | None = None) -> bool:
    try:
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL).returncode == 0
    except OSError as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
        return False


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
