"""A web process as the product runs one, on the bench's database; no worker is there."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.supervise import Process
from tests.ports import free_ports
from tests.stack import ROOT, answers, wait_until

OURS = ("config.wsgi", "tests.settings")
BARE = ("django.core.wsgi:get_wsgi_application()", "tests.bench.bare_settings")
READY_S = 60
UNLIMITED = "10000000"  # calls a minute


@contextmanager
def web(application: str, settings: str, database_url: str = "") -> Iterator[str]:
    """Its origin. The same server and threads for whatever it serves."""
    port = free_ports(1)
    log = Path(os.environ["VAR_DIR"]) / f"bench-web-{port}.log"
    environment = {
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": database_url or os.environ["DATABASE_URL"],
        "API_CALLS_PER_MINUTE": UNLIMITED,
        "API_CREATES_PER_MINUTE": UNLIMITED,
    }
    process = Process("web", _gunicorn(application, port), log, environment)
    process.start()
    origin = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{origin}/healthz"), READY_S, lambda: log.read_text()[-3000:])
        yield origin
    finally:
        process.ask_to_stop()
        process.end(time.monotonic() + 10)


def _gunicorn(application: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", application, "--chdir", str(ROOT),
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8",
        "--no-control-socket",
    ]  # fmt: skip
