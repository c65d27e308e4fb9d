"""The product at http://localhost: browsers have passkeys there, and none at an address of digits.
Sign-up is open there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from config.supervise import Process
from tests.ports import free_ports
from tests.stack import READY_S, ROOT, STOP_S, Stack, answers, wait_until


@contextmanager
def at_localhost(stack: Stack, **more: str) -> Iterator[str]:
    """One more web process on the stack's database; its address."""
    port = free_ports(1)
    url = f"http://localhost:{port}"
    own = {"PUBLIC_BASE_URL": url, "ALLOWED_HOSTS": "localhost", "SIGN_UP": "true"}
    environment = {**stack.environment, **own, **more}
    argv = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--chdir", str(ROOT),
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4",
        "--keep-alive", "15", "--no-control-socket",
    ]  # fmt: skip
    process = Process("localhost", argv, stack.var / "localhost.log", environment)
    process.start()
    try:
        wait_until(lambda: answers(f"{url}/healthz"), READY_S, stack.logs)
        yield url
    finally:
        process.ask_to_stop()
        process.end(monotonic() + STOP_S)
