"""The environment, typed. A malformed value stops the start and says what to write instead."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

BASE_DIR = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def var_dir() -> Path:
    """Everything that this installation writes to disk: database, media, mails, secrets."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")


def demo_file() -> Path:
    return var_dir() / "demo.env"


def load_demo_environment() -> None:
    """Take what `make demo` wrote for this checkout, for names that are not set already.

    So that `manage.py generate` typed beside a running demo works; the file exists nowhere else.
    """
    fill(kept_by_the_demo())


def fill(values: Mapping[str, str]) -> None:
    """Set what is not set; an empty value is an unset one, here as everywhere."""
    for name, value in values.items():
        os.environ[name] = text(name) or value


def kept_by_the_demo() -> dict[str, str]:
    """What is in the demo's file; lines that an editor left blank or broken count for nothing."""
    path = demo_file()
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value}


def text(name: str, default: str = "") -> str:
    """The value, or what is in the file that NAME_FILE names: secrets of systemd and containers."""
    return os.environ.get(name, "").strip() or _in_file(f"{name}_FILE") or default


def _in_file(name: str) -> str:
    path = os.environ.get(name, "").strip()
    try:
        return Path(path).read_text().strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}: {path} cannot be read: {error}.") from None


def parsed(
    name: str, parse: Callable[[str], T], default: T, expected: str, *, shown: bool = True
) -> T:
    """What `parse` makes of the value. `shown=False` keeps a value with a password in it out of
    the error, which ends up in logs."""
    raw = text(name)
    if not raw:
        return default
    try:
        return parse(raw)
    except (ValueError, KeyError):
        told = f"{name}={raw!r}" if shown else name
        raise ImproperlyConfigured(f"{told}: expected {expected}.") from None


def boolean(name: str, default: bool = False) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    return parsed(name, lambda raw: words[raw.lower()], default, "true or false")


def seconds(name: str, default: int) -> int:
    return parsed(name, _positive, default, "a whole number above 0")


def _positive(raw: str) -> int:
    number = int(raw)
    if number <= 0:
        raise ValueError(raw)
    return number


def words(name: str, default: str = "") -> list[str]:
    return _split(text(name, default))


def _split(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def origin(name: str, default: str | None = None) -> str | None:
    """An origin such as `https://example.org`, without path; None when unset."""
    return parsed(name, _origin, default, "an origin such as https://example.org")


def origins(name: str, default: str = "") -> list[str]:
    """Comma-separated origins, each perhaps with `*` for its port."""
    expected = "origins such as https://example.org or http://127.0.0.1:*, separated by commas"
    return parsed(name, lambda raw: [_pattern(w) for w in _split(raw)], _split(default), expected)


def is_origin(raw: str) -> bool:
    try:
        _origin(raw)
    except ValueError:
        return False
    return True


def _pattern(raw: str) -> str:
    _origin(raw.removesuffix(":*"))
    return raw


def _origin(raw: str) -> str:
    parts, bare = urlsplit(raw), raw.rstrip("/")
    whole = f"{parts.scheme}://{parts.netloc}" == bare and "@" not in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or not whole:
        raise ValueError(raw)
    if parts.port == 0:  # reading it judges the port; the library lets 0 pass
        raise ValueError(raw)
    return bare


def mailbox(name: str) -> str:
    """An e-mail address, or nothing."""
    return parsed(name, _mailbox, "", "an e-mail address such as support@example.org")


def _mailbox(raw: str) -> str:
    try:
        validate_email(raw)
    except ValidationError:
        raise ValueError(raw) from None
    return raw


def folder(name: str) -> Path | None:
    """A folder that is there, or nothing."""
    return parsed(name, _folder, None, "the path of a folder that exists")


def _folder(raw: str) -> Path:
    path = Path(raw)
    if not path.is_dir():
        raise ValueError(raw)
    return path.resolve()


def networks(name: str) -> list[str]:
    """Comma-separated addresses or networks."""
    expected = "addresses or networks such as 10.0.0.0/8, separated by commas"
    return parsed(name, lambda raw: [_network(word) for word in _split(raw)], [], expected)


def _network(raw: str) -> str:
    return str(ipaddress.ip_network(raw, strict=False))


def secret(name: str) -> str:
    """A value without which nothing may start, and that nobody may guess."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. `make demo` makes one for itself in var/; anywhere else, set it."
        )
    return value


def fernet_keys(name: str) -> list[str]:
    """The keys of secrets at rest, newest first."""
    secret(name)
    expected = "keys of 32 bytes in base64, separated by commas (`openssl rand -base64 32`)"
    return parsed(name, _fernet_keys, [], expected, shown=False)


def _fernet_keys(raw: str) -> list[str]:
    keys = _split(raw)
    MultiFernet([Fernet(key) for key in keys])  # judges each, and that there is one
    return keys
