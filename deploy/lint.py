"""`make lint`: everything that reads the code. Runs all of it, then names what failed."""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy import asvs, scripts
from deploy.tree import ROOT, project_files

BIN = Path(sys.executable).parent
MAX_LINES = 500
# A clone must install from whatever registry its machine is set up for, in any folder.
FOREIGN = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|deb\.debian\.org|security\.debian\.org|pkg\.dev"
    r"|(?<![\w/.}-])/(work|Users)/\w|/root/\.\w|/home/(?!visitor\b)\w+/"
)


def main() -> int:
    failed = [name for name, command in commands() if not passes(name, command)]
    for complaint in [
        *foreign_addresses(),
        *long_files(),
        *scripts.too_heavy(),
        *asvs.complaints(),
    ]:
        print(complaint)
        failed.append("files")
    print("lint: " + (f"FAILED: {', '.join(dict.fromkeys(failed))}" if failed else "clean"))
    return 1 if failed else 0


def commands() -> Iterator[tuple[str, list[str]]]:
    manage = [sys.executable, "manage.py"]
    yield "ruff check", [f"{BIN}/ruff", "check", "--no-cache", "."]
    yield "ruff format", [f"{BIN}/ruff", "format", "--check", "."]
    yield "mypy", [f"{BIN}/mypy"]
    yield "mypy of the helpers", [f"{BIN}/mypy", "--explicit-package-bases", *helpers()]
    yield "import-linter", [f"{BIN}/lint-imports", "--no-cache"]
    yield "djade", [f"{BIN}/djade", "--check", "--target-version", "5.2", *templates()]
    yield "migrations", [*manage, "makemigrations", "--check", "--dry-run"]
    yield "translations", [sys.executable, "-m", "deploy.messages", "--check"]
    yield "deploy check", [*manage, "check", "--deploy", "--fail-level", "WARNING"]


def helpers() -> list[str]:
    """Code that runs outside the packages that pyproject.toml names to mypy."""
    deploy = [str(path) for path in project_files(".py") if path.parent.name == "deploy"]
    names = (
        "chromium",
        "costs",
        "demos",
        "exiftool",
        "namespaces",
        "phone",
        "postgres",
        "redis_server",
        "terminal",
    )
    return [*deploy, *(f"tests/{name}.py" for name in names)]


def templates() -> list[str]:
    return [str(path) for path in project_files(".html") if "templates" in path.parts]


def passes(name: str, command: list[str]) -> bool:
    print(f"--- {name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **production(folder)}
        return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0


def production(var: str) -> dict[str, str]:
    """What an operator sets, so that the checks see the product as it is deployed."""
    return {
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "parterre.example",
        "PUBLIC_BASE_URL": "https://parterre.example",
        "VAR_DIR": var,
    }


def foreign_addresses() -> Iterator[str]:
    for path in project_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:  # a picture, a font, a compiled catalogue
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if found := FOREIGN.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: address of one machine: {found.group()}"


def long_files() -> Iterator[str]:
    for path in project_files(".py", ".js", ".css"):
        exempt = {"migrations", "vendor"} & set(path.parts)
        lines = len(path.read_text().splitlines())
        if lines > MAX_LINES and not exempt:
            yield f"{path.relative_to(ROOT)}: {lines} lines, more than {MAX_LINES}"


if __name__ == "__main__":
    sys.exit(main())
