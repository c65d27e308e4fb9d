"""What deploy/ starts: systemd's units say how, containers start the same, and each command runs in
an environment that has nothing but parterre.env."""

import math
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from django.conf import settings

from config.management.commands.worker import STOP_WITHIN_S
from deploy.tree import ROOT
from tests.ports import free_ports
from tests.stack import STAND_DOWN, answers, own_database, wait_until

DEPLOY = ROOT / "deploy"
UNITS = ("web", "worker", "engine")
SETTING = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)
START_S = 90
PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def unit(name: str) -> dict[str, str]:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((DEPLOY / "systemd" / f"parterre-{name}.service").read_text())
    return dict(parser["Service"])


def command(name: str) -> list[str]:
    """Without the Python that it begins with."""
    python, *arguments = shlex.split(unit(name)["ExecStart"])
    assert python == "/opt/parterre/.venv/bin/python"
    return arguments


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    return found["services"]  # type: ignore[no-any-return]


def example() -> dict[str, str]:
    return dict(SETTING.findall((DEPLOY / "parterre.env.example").read_text()))


@pytest.mark.parametrize("name", ["web", "worker", "backup"])
def test_a_unit_is_a_plain_user_that_writes_in_one_place(name: str) -> None:
    found = unit(name)
    assert found["User"] == found["StateDirectory"] == "parterre"
    assert found["ProtectSystem"] == "strict" and found["NoNewPrivileges"] == "yes"
    assert found["EnvironmentFile"] == "/etc/parterre/parterre.env"


def test_the_engine_knows_no_secret() -> None:
    """It decodes what strangers send."""
    found, container = unit("engine"), compose()["engine"]
    assert found["DynamicUser"] == "yes" and "User" not in found
    assert found["StateDirectory"] == "parterre-engine" and found["ProtectSystem"] == "strict"
    assert "EnvironmentFile" not in found and "Environment" not in found
    assert container["env_file"] == [] and container["environment"] == {}
    assert container["networks"] == ["engine"]
    for name in ("database", "cache", "store"):
        assert "networks" not in compose()[name]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_comes_back(name: str) -> None:
    assert unit(name)["Restart"] == "always"


def test_tasks_may_end_before_the_worker_is_killed() -> None:
    """The formula of docs/jobs.md. A signal to the whole group would kill tasks at once."""
    queue: Any = settings.Q_CLUSTER
    longest = (1 + math.ceil(queue["queue_limit"] / queue["workers"])) * queue["timeout"]
    assert unit("worker")["KillMode"] == unit("web")["KillMode"] == "mixed"
    assert longest < STOP_WITHIN_S < int(unit("worker")["TimeoutStopSec"])
    assert compose()["worker"]["stop_grace_period"] == f"{unit('worker')['TimeoutStopSec']}s"


def test_containers_start_what_the_units_start() -> None:
    services = compose()
    engine = [each for each in services["engine"]["command"][1:] if each != "0.0.0.0"]
    engine.remove("--host")
    assert engine == command("engine")
    assert services["worker"]["command"][1:] == command("worker")
    text = (DEPLOY / "Containerfile").read_text()
    (line,) = re.findall(r"^CMD (.+)$", text, re.MULTILINE)
    image = yaml.safe_load(line)[1:]
    assert [each.replace("0.0.0.0", "127.0.0.1") for each in image] == command("web")


def test_containers_are_shut() -> None:
    assert "\nUSER parterre\n" in (DEPLOY / "Containerfile").read_text()
    services = compose()
    for name in ("web", "worker", "engine", "migrate"):
        each = services[name]
        assert each["read_only"] and each["cap_drop"] == ["ALL"], name
    reached = {name: each["ports"] for name, each in services.items() if "ports" in each}
    assert reached == {"web": ["127.0.0.1:8000:8000"]}, "and by the proxy of this machine only"


def test_the_example_names_settings_that_there_are() -> None:
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/settings.md").read_text()))
    assert len(example()) >= 15 and set(example()) <= documented


@contextmanager
def journal(log: Path) -> Iterator[int]:
    """What a unit writes to: a socket, as systemd's, of which no path can be opened."""
    ours, theirs = socket.socketpair()

    def note_down() -> None:
        with ours, log.open("wb", buffering=0) as lines:
            while piece := ours.recv(65536):
                lines.write(piece)

    threading.Thread(target=note_down, daemon=True).start()
    with theirs:
        yield theirs.fileno()


class Host:
    """The units' commands, on ports of their own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_ports(2)
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        given = {
            "SECRET_KEY": "x" * 50,
            "ENCRYPTION_KEYS": "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU=",
            "DATABASE_URL": database_url,
            "CACHE_URL": "",
            "EMAIL_URL": "",
            "IACREA_BASE_URL": f"http://127.0.0.1:{self.port + 1}",
            "EMULATOR_URL": f"http://127.0.0.1:{self.port + 1}",
            "VAR_DIR": str(folder / "var"),
        }
        self.environment = {**example(), **given, **PLAIN}
        self.children: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=300,
        )  # fmt: skip

    def start(self, name: str) -> None:
        moved = {"127.0.0.1:8000": f"127.0.0.1:{self.port}", "8001": str(self.port + 1)}
        arguments = [
            moved.get(each, each).replace("/var/lib", str(self.folder)) for each in command(name)
        ]
        environment = self.environment if "EnvironmentFile" in unit(name) else PLAIN
        with journal(self.folder / f"{name}.log") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.children.append(child)

    def stop(self) -> None:
        """As systemd does, but that the sweep's term is ended, which takes 50 s by itself."""
        if any(child.poll() is None for child in self.children):
            self.run("shell", "--no-imports", "-c", STAND_DOWN)
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(STOP_WITHIN_S)

    def logs(self) -> str:
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("*.log")))

    def ask(self, path: str, **headers: str) -> requests.Response:
        """As the proxy on this host hands a visitor on."""
        told = {"Host": "parterre.example", "X-Forwarded-Proto": "https", **headers}
        return requests.get(self.url + path, headers=told, timeout=10, allow_redirects=False)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with own_database(os.environ.get("DATABASE_URL", ""), tmp_path) as url:
        host = Host(tmp_path, url)
        try:
            yield host
        finally:
            host.stop()


@pytest.mark.processes
def test_the_commands_serve(host: Host) -> None:
    for arguments in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
        host.run(*arguments)
    for name in UNITS:
        host.start(name)
    wait_until(lambda: answers(f"{host.url}/healthz"), START_S, host.logs)
    wait_until(lambda: host.ask("/readyz").status_code == 200, START_S, host.logs)
    assert answers(f"{host.environment['EMULATOR_URL']}/healthz")
    page = host.ask("/comptes/login/")
    assert (
        page.status_code == 200 and "max-age=31536000" in page.headers["Strict-Transport-Security"]
    )
    assert page.cookies and all(cookie.secure for cookie in page.cookies)
    plain = host.ask("/comptes/login/", **{"X-Forwarded-Proto": "http"})
    assert (plain.status_code, plain.headers["Location"]) == (
        301, "https://parterre.example/comptes/login/",
    )  # fmt: skip
    host.stop()
    assert [child.returncode for child in host.children] == [0, 0, 0]
    assert "Traceback" not in host.logs()
