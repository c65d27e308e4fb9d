"""Start the machine, say that it listens, stop it."""

import fcntl
import logging
import os
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

from integrations.emulator.faults.file import FaultsError
from integrations.emulator.faults.rulebook import Rulebook
from integrations.emulator.handler import handler_for
from integrations.emulator.machine import Machine
from integrations.emulator.settings import Settings, add_arguments
from integrations.emulator.store import Store
from integrations.emulator.workers import Workers

__all__ = ["add_arguments", "run"]

logger = logging.getLogger(__name__)
STOP_WITHIN_S = 2.0
CANNOT_START = 2


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Without HTTPServer's look-up of the host's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what the faults are for; anything else is a bug."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            logger.exception("A request stumbled")


def run(options: Mapping[str, Any]) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = Settings.from_options(options)
    try:
        lock = _locked(settings.state)
        machine = Machine(settings, Store(settings.state), Rulebook(settings.faults))
        server = _listening(machine)
    except (FaultsError, OSError) as error:
        print(f"The emulator cannot start: {error}", file=sys.stderr)
        return CANNOT_START
    with lock, _stop_bell() as bell:
        _serve(server, Workers(machine), bell)
    return 0


def _serve(server: Server, workers: Workers, bell: socket.socket) -> None:
    workers.start()
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    host, port = server.server_address[:2]
    print(f"Emulator ready: http://{host!s}:{port}", flush=True)
    bell.recv(1)
    server.shutdown()
    server.server_close()
    if not workers.stop(STOP_WITHIN_S):
        # A thread inside OpenCV would crash the interpreter's own end. Nothing is lost: its job
        # starts again at the next start, as after a kill.
        sys.stdout.flush()
        os._exit(0)


@contextmanager
def _stop_bell() -> Iterator[socket.socket]:
    """A socket that can be read once a signal came.

    numpy starts threads of its own, and a signal that lands in one of them would not wake a main
    thread that waits for a lock.
    """
    bell, button = socket.socketpair()
    with bell, button:
        button.setblocking(False)
        signal.set_wakeup_fd(button.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # the wake-up is all that is wanted
        yield bell
        signal.set_wakeup_fd(-1)


def _listening(machine: Machine) -> Server:
    """Raises `OSError`."""
    host, port = machine.settings.host, machine.settings.port
    try:
        return Server((host, port), handler_for(machine))
    except OSError as error:
        raise OSError(f"{host}:{port}: {error.strerror}") from error


def _locked(state: Path) -> IO[str]:
    """Held until the process ends, however it ends. Raises `OSError`."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (state / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise OSError(f"another emulator uses the folder {state}") from error
    return lock
