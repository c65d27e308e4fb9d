"""Each setting from the environment is documented; a malformed one is refused with its cure."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(r'(?:env\.\w+|_urls\.\w+)\(\s*"([A-Z_]+)"')


def test_each_setting_is_documented() -> None:
    read = set(READ.findall((ROOT / "config/settings.py").read_text()))
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/settings.md").read_text()))
    assert read and read <= documented


def seconds(name: str) -> int:
    return env.seconds(name, default=1)


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (env.boolean, "maybe"),
        (seconds, "ten"),
        (seconds, "0"),
        (seconds, "-3"),
        (env.mailbox, "support"),
        (env.origin, "example.org"),
        (env.origin, "https://example.org/path"),
        (env.origin, "ftp://example.org"),
    ],
)
def test_a_malformed_value_is_refused(monkeypatch, function, value: str) -> None:
    monkeypatch.setenv("A_SETTING", value)
    with pytest.raises(ImproperlyConfigured, match="A_SETTING"):
        function("A_SETTING")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ENCRYPTION_KEYS"])
def test_no_start_without_its_secrets(missing: str, tmp_path: Path) -> None:
    environment = {"SECRET_KEY": "x", "ENCRYPTION_KEYS": "y", "VAR_DIR": str(tmp_path)}
    del environment[missing]
    run = [sys.executable, "manage.py", "check"]
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode != 0 and f"{missing} is not set" in result.stderr


def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As systemd's credentials and the secrets of containers are."""
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    monkeypatch.setenv("A_SETTING_FILE", str(file))
    assert env.text("A_SETTING") == env.secret("A_SETTING") == "from a file"
    monkeypatch.setenv("A_SETTING", "itself")
    assert env.text("A_SETTING") == "itself"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("A_SETTING_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=r"^A_SETTING_FILE: .* cannot be read"):
        env.text("A_SETTING", "a default")
