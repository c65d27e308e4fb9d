"""Firefox and WebKitGTK of this machine: found or installed, started, and stopped again."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.supervise import Process
from deploy.bootstrap import CannotInstallError, apt_install
from tests.other_browsers.webdriver import Http, Marionette, Wire
from tests.ports import free_ports
from tests.stack import wait_until

READY_S = 60
STOP_S = 10
PREFERENCES = {
    "dom.w3c_touch_events.enabled": 1,
    "intl.accept_languages": "fr-FR",
    # It calls home at every start: by a proxy that is not there. Loopback goes past it.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


@contextmanager
def firefox(folder: Path) -> Iterator[Wire]:
    port = free_ports(1)
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in {**PREFERENCES, "marionette.port": port}.items()
    ]
    (folder / "user.js").write_text("\n".join(lines))
    command = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", str(folder)]
    with running("firefox", command, folder, {}, port):
        yield Marionette(port)


@contextmanager
def webkit(folder: Path) -> Iterator[Wire]:
    port = free_ports(1)
    with (
        display() as name,
        running("webkit", ["WebKitWebDriver", f"--port={port}"], folder, {"DISPLAY": name}, port),
    ):
        yield Http(port)


@contextmanager
def running(
    name: str, command: list[str], folder: Path, environment: dict[str, str], port: int
) -> Iterator[None]:
    """Until it listens; with a home of its own, so that nobody's settings and files matter."""
    own = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "fr_FR.UTF-8"}
    process = Process(name, command, folder / f"{name}.log", {**own, **environment})
    process.start()
    try:
        wait_until(lambda: listens(port), READY_S, process.log.read_text)
        yield
    finally:
        process.ask_to_stop()
        process.end(time.monotonic() + STOP_S)


@contextmanager
def display() -> Iterator[str]:
    """WebKitGTK draws on a screen, of which a server has none."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout, "it tells its number there"
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class Machine:
    """`packages` are Debian's names of what brings the `programs`."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    start: Callable[[Path], AbstractContextManager[Wire]]

    @property
    def missing(self) -> list[str]:
        return [program for program in self.programs if not shutil.which(program)]

    def provision(self) -> None:
        if not self.missing:
            return
        if os.geteuid() or not shutil.which("apt-get"):
            line = f"sudo apt-get install -y --no-install-recommends {' '.join(self.packages)}"
            raise CannotInstallError(f"No {' and no '.join(self.missing)} here. Type this: {line}")
        print(f"Installing Debian's {' '.join(self.packages)}.", flush=True)
        apt_install(*self.packages)


MACHINES = {
    "firefox": Machine(("firefox-esr",), ("firefox-esr",), firefox),
    "webkit": Machine(("WebKitWebDriver", "Xvfb"), ("webkit2gtk-driver", "xvfb"), webkit),
}
