"""`make demo`: a whole product on one machine, with two agencies and a picture service of its own.

Runs as `python -m config.demo`, because it makes the environment that Django's settings need.
Imports stand in the functions: Ctrl-C is caught before the slow ones.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from config import watch
from config.supervise import Process, Supervisor, manage, say

if TYPE_CHECKING:
    from config.demo_environment import Place

READY_WITHIN_S = 60


def main() -> int:
    supervisor = Supervisor()
    supervisor.catch_signals()
    from config.demo_environment import CannotStart, make_secrets, own_var, place

    try:
        found = place()
        with own_var() as var:
            make_secrets(found)
            _run(supervisor, found, var)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(supervisor: Supervisor, place: Place, var: Path) -> None:
    try:
        _start(supervisor, place, var)
        supervisor.run()
    except KeyboardInterrupt:
        pass  # stopped while it was starting: the same end as later
    finally:
        say("\nStopping …")
        supervisor.stop()
        say(f"Stopped. Your data stays in {var}; `make demo` starts it again.")


def _start(supervisor: Supervisor, place: Place, var: Path) -> None:
    """The other processes load while this one prepares and seeds the database."""
    emulator, web, worker = _processes(place, var)
    supervisor.start(emulator)
    say("Preparing the database …")
    with supervisor.interruptible():
        _prepare_database(supervisor, var)
    say("Starting web, worker and emulator …")
    supervisor.start(web, worker)
    with supervisor.interruptible():
        welcome = _seed(var)
        _wait_until_ready(supervisor, f"{place.local_url}/readyz")
        say(welcome)


def _prepare_database(supervisor: Supervisor, var: Path) -> None:
    from config import demo_database

    demo_database.prepare(var / "log" / "demo.log")
    from projects import sweeper

    sweeper.stand_down()  # a demo that was killed left a lease that nobody renews
    sweeper.wake()
    supervisor.before_stop = sweeper.stand_down


def _seed(var: Path) -> str:
    from django.db import connections

    from config import demo_seed

    welcome = demo_seed.welcome(demo_seed.seed(var / "demo.json"))
    connections.close_all()  # the next query here may be days away: no server keeps it so long
    return welcome


def _processes(place: Place, var: Path) -> list[Process]:
    port, state = str(place.emulator_port), str(var / "emulator")
    # More photos than any demo uses, so that only our own quota binds.
    emulator = manage("emulator", "--port", port, "--state", state, "--photos", "1000000")
    web = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "python:config.gunicorn",
        "--bind", f"{place.host}:{place.port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60",
        # Longer than a page or a client rests between two questions.
        "--keep-alive", "15", "--preload", "--no-control-socket",
    ]  # fmt: skip
    log = var / "log"
    return [
        Process("emulator", emulator, log / "emulator.log"),
        Process("web", web, log / "web.log"),
        watch.worker(log / "worker.log"),
    ]


def _wait_until_ready(supervisor: Supervisor, url: str) -> None:
    from config.demo_environment import CannotStart

    end = time.monotonic() + READY_WITHIN_S
    while not _answers(url):
        if dead := supervisor.dead():
            assert dead.log, "each has one here"
            last = dead.log.read_text(errors="replace").rstrip().rpartition("\n")[2]
            raise CannotStart(f"{dead.name} ended while starting: {last} (more in {dead.log})")
        if time.monotonic() > end:
            logs = ", ".join(str(process.log) for process in supervisor.processes)
            raise CannotStart(f"Not ready after {READY_WITHIN_S} s: the reason is in {logs}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    import urllib.request

    # Without the proxy that the environment may name: this is our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:  # not listening yet, or not ready
        return False


if __name__ == "__main__":
    sys.exit(main())
