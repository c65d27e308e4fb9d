"""Services that the environment names by URL: django-environ reads them, we judge them.

None is repeated in an error: each may hold a password.
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from environ import Env

from config import env

Settings = dict[str, Any]
SPECIAL = "with special characters of a password percent-encoded"


# Of a host that is cut off or frozen: what it was at is given up by then, on both sides. Nothing
# of ours waits for the network within a transaction: one that idles is a dead host's.
GONE_AFTER_S = 15
_PROBES = {"keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3}
_SERVER = {
    "idle_in_transaction_session_timeout": f"{GONE_AFTER_S}s",
    "tcp_user_timeout": f"{GONE_AFTER_S}s",
    **{f"tcp_{name}": value for name, value in _PROBES.items()},
}
POSTGRES = {
    "connect_timeout": 5,
    "tcp_user_timeout": GONE_AFTER_S * 1000,
    **_PROBES,
    "options": " ".join(f"-c {name}={value}" for name, value in _SERVER.items()),
}


def database(name: str, file: Path) -> Settings:
    """PostgreSQL; unset, SQLite in `file`."""
    unset = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    expected = f"postgres://user:password@host:5432/name, {SPECIAL}, or sqlite:////path/of/file"
    return env.parsed(name, _database, unset, expected, shown=False)


def _database(raw: str) -> Settings:
    parts = _judged(raw, {"postgres", "postgresql", "sqlite"})
    if len(parts.path) < 2 or (parts.scheme == "sqlite" and parts.netloc):
        raise ValueError(raw)
    return dict(Env.db_url_config(raw))


# Their values are JSON (config/cache.py), under other names than the pickles of the version before,
# which runs beside this one during a deploy and cannot read them.
JSON = {"KEY_PREFIX": "json"}
BACKENDS = {"redis": "RedisOrTable", "rediss": "RedisOrTable", "dbcache": "JsonTable"}
TABLE = dict(Env.cache_url_config("dbcache://cache")) | JSON | {"BACKEND": "config.cache.JsonTable"}


def cache(name: str) -> Settings:
    """Redis; unset, a table of the database."""
    expected = "redis://host:6379/0, dbcache://table or locmemcache://"
    return env.parsed(name, _cache, TABLE, expected, shown=False)


def _cache(raw: str) -> Settings:
    parts = _judged(raw, {"redis", "rediss", "dbcache", "locmemcache"})
    if not parts.netloc and parts.scheme != "locmemcache":
        raise ValueError(raw)
    found = dict(Env.cache_url_config(raw))
    if parts.scheme in BACKENDS:
        found |= JSON | {"BACKEND": f"config.cache.{BACKENDS[parts.scheme]}"}
    return found


def email(name: str, folder: Path) -> Settings:
    """EMAIL_BACKEND, EMAIL_HOST and the like; unset, mails are files to read in `folder`."""
    files = "django.core.mail.backends.filebased.EmailBackend"
    unset = {"EMAIL_BACKEND": files, "EMAIL_FILE_PATH": str(folder)}
    expected = f"smtp+tls://user:password@host:587, {SPECIAL}, or consolemail://"
    return env.parsed(name, _email, unset, expected, shown=False)


def _email(raw: str) -> Settings:
    parts = _judged(raw, {"smtp", "smtp+tls", "smtp+ssl", "consolemail"})
    if not parts.hostname and parts.scheme != "consolemail":
        raise ValueError(raw)
    return dict(Env.email_url_config(raw))


def _judged(raw: str, schemes: set[str]) -> SplitResult:
    parts = urlsplit(raw)
    if parts.scheme not in schemes:
        raise ValueError(raw)
    if parts.port == 0:  # reading it raises for what is no port, except for this one
        raise ValueError(raw)
    return parts
