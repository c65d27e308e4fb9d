"""Web and worker as in production, an iacrea that costs nothing, and an agency that asks."""

import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests

from config.supervise import Process
from tests.bench.bench import unique
from tests.bench.calls import CLIENTS, Call, Caller, uploaded
from tests.bench.processes import cpu_seconds, resident
from tests.chaos.office import png
from tests.stack import Stack, own_database

# As many as may be in flight, and more than are asked for.
SLOTS = "100000"


class Product(Stack):
    """The emulator's place is taken by the upstream."""

    def __init__(self, var: Path, database_url: str) -> None:
        super().__init__(var, database_url)
        self.environment |= {
            "DISPATCH_SLOTS": SLOTS,
            "API_CALLS_PER_MINUTE": "10000000",
            "API_CREATES_PER_MINUTE": "10000000",
        }
        port = self.emulator.rsplit(":", 1)[1]
        argv = [sys.executable, "-m", "tests.load.upstream", port]
        log = self.var / "upstream.log"
        self.processes["emulator"] = Process("emulator", argv, log)
        for name in ("web", "worker"):
            self.processes[name].environment = self.environment

    def tell(self, word: str) -> dict[str, int]:
        """`hold`, `let_go` or `book`."""
        return dict(requests.post(f"{self.emulator}/{word}", timeout=60).json())

    def megabytes(self, name: str) -> float:
        child = self.processes[name].child
        return sum(resident(child.pid).values()) / 1024 if child else 0

    def cpu(self, name: str) -> float:
        child = self.processes[name].child
        return cpu_seconds(child.pid) if child else 0


@contextmanager
def product(database_url: str) -> Iterator[Product]:
    with (
        tempfile.TemporaryDirectory(prefix="parterre-load-") as var,
        own_database(database_url, Path(var)) as url,
    ):
        running = Product(Path(var), url)
        try:
            running.start()
            yield running
        finally:
            running.stop()


class Asker:
    """An agency's software: a few clients that post jobs, each when it was answered."""

    def __init__(self, running: Product) -> None:
        self._origin = running.url
        name = unique("load")
        opened = running.create_agency(name, f"{name}@example.org", photos=1_000_000)
        self.agency_id, key = opened["agency_id"], opened["api_key"]
        wish = {
            "room_type": "POOL",
            "image": uploaded(running.url, key, "photo", png("RGB", (90, 130, 60))),
            "mask": uploaded(running.url, key, "mask", png("L", 255)),
        }
        self._call = Call("POST", "/api/v1/generations", 202, key, wish)

    def post(self, jobs: int) -> None:
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._post, (len(range(n, jobs, CLIENTS)) for n in range(CLIENTS))))

    def start(self, jobs: int) -> threading.Thread:
        thread = threading.Thread(target=self.post, args=(jobs,))
        thread.start()
        return thread

    def _post(self, jobs: int) -> None:
        caller = Caller(self._origin)
        for _ in range(jobs):
            caller.make(self._call)
        caller.close()


class Rows:
    """What the database says."""

    def __init__(self, running: Product) -> None:
        self.url = running.environment["DATABASE_URL"]
        self._database = psycopg.connect(self.url, autocommit=True)

    def one(self, sql: str, *values: object) -> Sequence[Any]:
        row = self._database.execute(sql.encode(), values).fetchone()
        assert row is not None
        return row

    def run(self, sql: str) -> None:
        self._database.execute(sql.encode())

    def close(self) -> None:
        self._database.close()
