"""What the demo needs before Django's settings can load: free ports, a var/ of its own, secrets."""

import base64
import errno
import fcntl
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import addresses, env


class CannotStart(Exception):
    """Carries what the person at the terminal needs to know, in one line."""


@dataclass(frozen=True)
class Place:
    """Where the demo listens; the emulator takes the port after the web's, on loopback only."""

    host: str
    port: int

    @property
    def emulator_port(self) -> int:
        return self.port + 1

    @property
    def local_url(self) -> str:
        everywhere = self.host == addresses.EVERY_INTERFACE
        return f"http://{addresses.LOOPBACK if everywhere else self.host}:{self.port}"


def place() -> Place:
    text = env.text("PORT", "8000")
    if not re.fullmatch(r"[0-9]{4,5}", text) or not 1024 <= int(text) < 65535:
        raise CannotStart(f"PORT={text}: expected a number from 1024 to 65534")
    wanted = Place(env.text("HOST", addresses.LOOPBACK), int(text))
    if not _can_listen(wanted.host, wanted.port):
        raise CannotStart(f"Port {wanted.port} is busy. {_way_out(wanted.host)}")
    if not _can_listen(addresses.LOOPBACK, wanted.emulator_port):
        raise CannotStart(
            f"Port {wanted.emulator_port}, for the stand-in for iacrea, is busy. "
            f"{_way_out(wanted.host)}"
        )
    return wanted


def _can_listen(host: str, port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: connections of the last run that linger are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that no name can be
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                return False
            raise CannotStart(
                f"HOST={host}: expected an IPv4 address of this machine, or "
                f"{addresses.EVERY_INTERFACE} for all of them"
            ) from error
    return True


def _way_out(host: str) -> str:
    pairs = ((port, port + 1) for port in range(8000, 65000, 100))
    free = (p for p, q in pairs if _can_listen(host, p) and _can_listen(addresses.LOOPBACK, q))
    return f"Stop what uses it, or: make demo PORT={next(free, 'another')}"


@contextmanager
def own_var() -> Iterator[Path]:
    """One demo at a time in a var/: two would answer each other's jobs."""
    var = env.var_dir()
    with _writing():
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (var / "demo.lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                f"Another demo uses {var}. Stop it, or give this one data of its own: VAR_DIR=…"
            ) from error
        yield var


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotStart(
            f"{error.filename}: {error.strerror}. VAR_DIR= names a folder that can be written."
        ) from error


@_writing()
def make_secrets(place: Place) -> None:
    """Secrets are made once and kept; addresses follow PORT and HOST at each start."""
    kept = env.kept_by_the_demo()
    hosts = addresses.reachable(place.host)
    public = f"http://{hosts[0]}:{place.port}"
    values = {
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": kept.get("ENCRYPTION_KEYS") or _fernet_key(),
        "PUBLIC_BASE_URL": public,
        "ALLOWED_HOSTS": ",".join(dict.fromkeys([*hosts, addresses.LOOPBACK, "localhost"])),
        "EMULATOR_URL": f"http://{addresses.LOOPBACK}:{place.emulator_port}",
        "OUTBOUND_ALLOW": f"http://127.0.0.1:*,http://localhost:*,{public}",
        "SIGN_UP": "true",
        # The demo's staff person has no phone.
        "STAFF_MFA_REQUIRED": "false",
    }
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    write_private(env.demo_file(), lines)
    env.fill(values)


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and closed to others even where an older file was not."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
