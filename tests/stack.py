"""The whole product as processes: web, worker and emulator, on a database and a var/ of their own.

What happens in here is what happens on a customer's machine: nothing is faked, and the only way in
is HTTP and `manage.py`.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import requests

from config.supervise import Process, manage
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
READY_S = 60
STOP_S = 15
STAND_DOWN = "from projects import sweeper; sweeper.stand_down()"
JOB_S = 60
MANAGE_S = 300  # migrating takes seconds, and minutes on a machine with much other work
PASSWORD = "a password for tests"


class Stack:
    """`url` is the product, `emulator` the picture service, `agency` what create_agency printed."""

    def __init__(self, var: Path, database_url: str) -> None:
        web_port = free_ports(2)
        emulator_port = web_port + 1
        self.var = var
        self.url = f"http://127.0.0.1:{web_port}"
        self.emulator = f"http://127.0.0.1:{emulator_port}"
        self.faults = var / "faults.json"
        self.environment = {
            "VAR_DIR": str(var),
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU=",
            "PUBLIC_BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMULATOR_URL": self.emulator,
            "OUTBOUND_ALLOW": "http://127.0.0.1:*",
            # As in the demo: tests/desk/test_staff_mfa.py asks for it.
            "STAFF_MFA_REQUIRED": "false",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            # One key makes the calls of many tests, without a pause.
            "API_CALLS_PER_MINUTE": "100000",
            "API_CREATES_PER_MINUTE": "100000",
        }
        self.processes = {process.name: process for process in self._processes()}

    def _processes(self) -> list[Process]:
        state = str(self.var / "emulator")
        emulator = manage(
            "emulator", "--port", str(urlsplit(self.emulator).port), "--state", state,
            "--photos", "1000000", "--faults", str(self.faults),
        )  # fmt: skip
        web = [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--chdir", str(ROOT),
            "--config", "python:config.gunicorn",
            "--bind", str(urlsplit(self.url).netloc), "--worker-class", "gthread",
            "--threads", "8", "--keep-alive", "15", "--no-control-socket",
        ]  # fmt: skip
        commands = {"emulator": emulator, "web": web, "worker": manage("qcluster")}
        return [
            Process(name, argv, self.var / f"{name}.log", self.environment)
            for name, argv in commands.items()
        ]

    def start(self) -> None:
        self.set_faults([])
        for command in ("migrate", "createcachetable", "collectstatic"):
            self.manage(command, *(["--no-input"] if command != "createcachetable" else []))
        for process in self.processes.values():
            process.start()
        wait_until(lambda: answers(f"{self.url}/healthz"), READY_S, self.logs)
        wait_until(lambda: answers(f"{self.emulator}/healthz"), READY_S, self.logs)

    def stop(self) -> None:
        for name in list(self.processes):
            self.stop_process(name)

    def stop_process(self, name: str) -> None:
        if name == "worker":  # its sweeper would first end its term, of up to 50 s
            self.manage("shell", "--no-imports", "-c", STAND_DOWN)
        process = self.processes[name]
        process.ask_to_stop()
        process.end(time.monotonic() + STOP_S)

    def manage(self, *arguments: str) -> str:
        """What `manage.py` printed; an error of it fails the test with its words."""
        result = subprocess.run(
            manage(*arguments),
            env={**os.environ, **self.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=MANAGE_S,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    @cached_property
    def agency(self) -> dict[str, str]:
        """Opened when it is first asked for, with ids, keys and what `create_agency` adds."""
        who = secrets.token_hex(4)
        return self.create_agency(f"Jardins {who}", f"owner-{who}@example.org", photos=100)

    def forget_agency(self) -> None:
        """The next one has nothing under way, no endpoint, and all its photos."""
        self.__dict__.pop("agency", None)

    def create_agency(self, name: str, email: str, *, photos: int) -> dict[str, str]:
        key = f"upstream-key-{secrets.token_hex(4)}"
        user_id = str(uuid4())
        printed = self.manage(
            "create_agency", "--name", name, "--owner-email", email, "--photos", str(photos),
            "--iacrea-api-key", key, "--iacrea-user-id", user_id, "--json",
        )  # fmt: skip
        known = {"name": name, "email": email, "upstream_key": key, "password": PASSWORD}
        return {**json.loads(printed), **known}

    def call(
        self, name: str, fields: dict[str, Any], *, key: str = "", request_id: str = ""
    ) -> requests.Response:
        """One call of iacrea's wire at our door, as the agency unless a field says otherwise."""
        body = {"user_id": self.agency["iacrea_user_id"], **fields}
        headers = {"x-api-key": key or self.agency["api_key"], "x-request-id": request_id}
        return requests.post(f"{self.url}/api/{name}", json=body, headers=headers, timeout=30)

    def end_of(
        self, generation_id: str, *, key: str = "", within_s: float = JOB_S
    ) -> dict[str, Any]:
        """The answer of `get` once the job has ended."""
        found: dict[str, Any] = {}

        def ended() -> bool:
            fields = {"generation_id": generation_id}
            found.update(self.call("create_exterior/get", fields, key=key).json())
            return found["status"] in ("SUCCEEDED", "FAILED")

        wait_until(ended, within_s, self.logs)
        return found

    def credit(self) -> int:
        total: int = self.call("account/credit", {}).json()["total"]
        return total

    def set_faults(self, rules: list[dict[str, Any]]) -> None:
        """The emulator reads its file again when it changes."""
        fresh = self.faults.with_suffix(".new")
        fresh.write_text(json.dumps(rules))
        fresh.replace(self.faults)

    def journal(self) -> list[dict[str, Any]]:
        """Every request that reached the emulator."""
        answer: list[dict[str, Any]] = requests.get(
            f"{self.emulator}/_emulator/journal", timeout=10
        ).json()
        return answer

    def read(self, expression: str) -> str:
        """What an expression over the models is, as support would ask in `manage.py shell`."""
        code = f"from projects.models import *; print({expression})"
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def logs(self) -> str:
        """The last lines of each process, for a test that gave up."""
        logs = sorted(self.var.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in logs)


@contextmanager
def running_stack() -> Iterator[Stack]:
    var = Path(tempfile.mkdtemp(prefix="parterre-stack-"))
    with own_database(os.environ.get("DATABASE_URL", ""), var) as database_url:
        stack = Stack(var, database_url)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
            shutil.rmtree(var)


@contextmanager
def own_database(url: str, var: Path) -> Iterator[str]:
    """A database beside the tests' own on the same server, or a file of SQLite."""
    if not re.match(r"postgres(ql)?:", url):
        yield f"sqlite:///{var}/parterre.sqlite3"
        return
    name = f"stack_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def wait_until(done: Callable[[], bool], within_s: float, explain: Callable[[], str]) -> None:
    end = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < end, f"not within {within_s} s\n{explain()}"
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
