"""The browser of the browser tests: `python -m tests.chromium` finds or installs one.

The machine's own Chromium, or Debian's as root, or, for a plain user with npm, the one inside the
npm package `@sparticuz/chromium`, pinned by hash and unpacked into .venv/chromium/.
"""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from deploy.bootstrap import VENV, CannotInstallError, apt_install

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512 = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)
UNPACKED = VENV / "chromium"
LAUNCHER = UNPACKED / "launch"

LAUNCH_ARGS = [
    "--headless",
    # Its sandbox needs rights that root and containers lack, and only our own pages are opened.
    "--no-sandbox",
    "--disable-gpu",
    # Without these it calls home at every start.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MISSING = """\
*** NO CHROMIUM: the browser tests cannot run. {reason}
*** Type this, then the same make again: sudo apt-get install -y chromium
*** or name one that you have: CHROMIUM=/path/to/chromium make test"""


def main() -> int:
    try:
        print(f"Chromium: {find_chromium() or provision()}", flush=True)
    except CannotInstallError as error:
        print(MISSING.format(reason=error), file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


def find_chromium() -> Path | None:
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return LAUNCHER if LAUNCHER.exists() else None


def provision() -> Path:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests.", flush=True)
        apt_install("chromium", "fonts-dejavu-core")
        return Path("/usr/bin/chromium")
    if not (shutil.which("npm") and shutil.which("node")) or platform.machine() != "x86_64":
        raise CannotInstallError("Neither root's apt-get nor npm is here to install one.")
    print(f"Unpacking the npm package {PACKAGE} for the browser tests.", flush=True)
    unpack_npm_package()
    return LAUNCHER


# --- the npm package: a brotli-compressed Chromium and what a bare machine lacks around it


def unpack_npm_package() -> None:
    shutil.rmtree(UNPACKED, ignore_errors=True)  # what a killed run left
    UNPACKED.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(download(Path(folder))) as package:
            package.extractall(folder)
        for compressed in (Path(folder) / "package" / "bin").glob("*.br"):
            unpack(compressed)
    fonts = UNPACKED / "fonts.conf"
    fonts.write_text(fonts.read_text().replace("/tmp/fonts", str(UNPACKED / "fonts")))
    write_launcher()


def download(folder: Path) -> Path:
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        raise CannotInstallError(f"npm could not get {PACKAGE}.")
    archive = folder / result.stdout.split()[-1]
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != PACKAGE_SHA512:
        raise CannotInstallError(f"{PACKAGE} is not the file that was pinned.")
    return archive


def unpack(compressed: Path) -> None:
    target = UNPACKED / compressed.stem
    # npm never comes without node, and node has the brotli that Python lacks.
    script = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
    with target.open("wb") as out:
        subprocess.run(["node", "-e", script, str(compressed)], stdout=out, check=True)
    if target.suffix == ".tar":
        with tarfile.open(target) as archive:
            archive.extractall(UNPACKED)
        target.unlink()


def write_launcher() -> None:
    (UNPACKED / "chromium").chmod(0o755)
    LAUNCHER.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{UNPACKED}/lib" FONTCONFIG_PATH="{UNPACKED}"\n'
        f'exec "{UNPACKED}/chromium" "$@"\n'
    )
    LAUNCHER.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
