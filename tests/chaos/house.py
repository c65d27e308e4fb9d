"""The product as processes for one piece: web, clusters, support and emulator, under the product's
own supervisor, on a database of their own."""

import os
import secrets
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests

from config.supervise import Process, Supervisor, manage
from config.watch import Watch
from tests.chaos.orders import FOLDER
from tests.chaos.pace import DEADLINES
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent.parent
CANARY_MAX_AGE_S = 12
PHOTOS = 1_000_000


class House:
    def __init__(self, var: Path, database_url: str, *, workers: int, ring_ids: bool) -> None:
        port = free_ports(2)
        self.var = var
        self.state = var / "emulator"
        self.faults = var / "faults.json"
        self.orders = var / "orders"
        self.orders.mkdir()
        self.url, self.emulator = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
        self.ring_ids = ring_ids
        self.workers = workers
        self.environment = {
            "VAR_DIR": str(var),
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU=",
            "PUBLIC_BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMULATOR_URL": self.emulator,
            "OUTBOUND_ALLOW": "http://127.0.0.1:*",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "JOB_WORKERS": str(4 * workers - 1),
            "DISPATCH_SLOTS": "120",
            "API_CALLS_PER_MINUTE": "100000",
            "API_CREATES_PER_MINUTE": "100000",
            FOLDER: str(self.orders),
            **{name: str(seconds) for name, seconds in DEADLINES.items()},
        }
        self.supervisor = Supervisor()
        self._thread = threading.Thread(target=self.supervisor.run)

    def start(self, seed: int) -> None:
        self.supervisor.start(*self._processes(seed))
        self._thread.start()
        for url in (self.url, self.emulator):
            _wait_for(f"{url}/healthz")

    def stop(self) -> None:
        """At rest nothing is worth a farewell."""
        self.supervisor.stopping = True
        self._thread.join()
        for process in self.supervisor.processes:
            process.end(time.monotonic())

    def roots(self) -> list[int]:
        """The pids of the processes that run, each with its own children."""
        return [p.child.pid for p in self.supervisor.processes if p.child and p.is_running]

    def crash_database(self) -> None:
        """kill -9 of one of its processes: PostgreSQL then ends every connection, and recovers."""
        if not self.environment["DATABASE_URL"].startswith("postgres"):
            return
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() LIMIT 1"
        gone = suppress(psycopg.OperationalError, ProcessLookupError)
        with gone, psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            row = connection.execute(query).fetchone()
            os.kill(row[0], signal.SIGKILL)

    def _processes(self, seed: int) -> list[Process]:
        clusters = [self._cluster(number) for number in range(self.workers)]
        support = [sys.executable, "-m", "tests.chaos.staff", str(seed)]
        return [
            self._process("emulator", self._emulator()),
            self._process("web", self._web()),
            *clusters,
            self._process("support", support),
        ]

    def _process(self, name: str, argv: list[str]) -> Process:
        return Process(name, argv, self.var / f"{name}.log", self.environment)

    def _cluster(self, number: int) -> Process:
        watch = Watch(f"cluster-{number}")
        argv = [sys.executable, "-m", "tests.chaos.worker"]
        process = self._process(f"worker-{number}", argv)
        process.environment = {**self.environment, **watch.environment}
        process.age_s, process.max_age_s = watch.age_s, CANARY_MAX_AGE_S
        return process

    def _emulator(self) -> list[str]:
        return manage(
            "emulator", "--port", str(urlsplit(self.emulator).port), "--state", str(self.state),
            "--photos", str(PHOTOS), "--faults", str(self.faults), "--delay", "1",
            *(["--webhook-id"] if self.ring_ids else []),
        )  # fmt: skip

    def _web(self) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "tests.chaos.web", "--chdir", str(ROOT),
            "--bind", str(urlsplit(self.url).netloc), "--worker-class", "gthread",
            "--threads", "8", "--no-control-socket",
        ]  # fmt: skip


def _wait_for(url: str, within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        with suppress(requests.RequestException):
            if requests.get(url, timeout=5).ok:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
