"""`make demo` as a person meets it: in a terminal, a second time, and from a phone."""

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import demos, namespaces, phone
from tests.demos import READY, READY_S, STOP_S, demo, said_after
from tests.ports import free_ports
from tests.stack import ROOT
from tests.terminal import CTRL_C, Terminal

pytestmark = pytest.mark.processes


@pytest.fixture
def var() -> Iterator[Path]:
    with demos.own_var() as path:
        yield path


@pytest.fixture
def port() -> int:
    return free_ports(2)


def curl_line(terminal: Terminal) -> str:
    found = re.search(r"^curl .+$", terminal.output, re.MULTILINE)
    assert found, terminal.output
    return found[0]


def is_private(path: Path) -> bool:
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_everything_that_it_prints_works_and_a_second_run_keeps_it(var: Path, port: int) -> None:
    terminal = demo(var, f"PORT={port}")
    terminal.read_until(READY, READY_S)
    url, password = f"http://127.0.0.1:{port}", said_after("password", terminal)
    assert f"Parterre is ready: {url}\n" in terminal.output
    assert "django-q" not in terminal.output
    assert "Jardins d’Alice" in phone.sign_in(url, password)
    phone.picture(curl_line(terminal))
    assert all(is_private(path) for path in (var, var / "demo.env", var / "demo.json"))
    busy = demos.refusal(var, PORT=port)
    assert busy.startswith(f"Port {port} is busy. ")
    assert str(var) in demos.refusal(var, PORT=free_ports(2))
    terminal.type(CTRL_C)
    terminal.end(STOP_S)
    assert "Stopped." in terminal.output
    assert not re.search(r"make: \*\*\*|Traceback", terminal.output), terminal.output
    assert not demos.still_there(var)
    again_until_the_window_closes(var, port, kept=curl_line(terminal), password=password)


def again_until_the_window_closes(var: Path, port: int, *, kept: str, password: str) -> None:
    with (var / "demo.env").open("a") as file:
        file.write("\n \nno value\n=no name\nEMPTY=\n")
    # Nobody listens there: whoever asks the proxy for an address of this machine gets nowhere.
    terminal = demo(var, f"PORT={port}", http_proxy="http://127.0.0.1:9", SECRET_KEY="")
    terminal.read_until(READY, READY_S)
    assert curl_line(terminal) == kept
    assert said_after("password", terminal) == password
    terminal.close()
    terminal.process.wait(STOP_S)


def test_ctrl_c_while_it_starts_leaves_nothing(var: Path, port: int) -> None:
    terminal = demo(var, f"PORT={port}")
    terminal.read_until("Preparing the database", READY_S)
    terminal.type(CTRL_C)
    terminal.end(STOP_S)
    assert "Stopped." in terminal.output
    assert not re.search(r"make: \*\*\*|Traceback", terminal.output), terminal.output


def test_a_phone_on_the_same_network_uses_it(var: Path) -> None:
    namespaces.require()
    with namespaces.two_machines() as (here, there):
        terminal = demo(var, "HOST=0.0.0.0", within=here.command())
        terminal.read_until(READY, READY_S)
        url = f"http://{namespaces.FIRST}:8000"
        assert f"Parterre is ready: {url}\n" in terminal.output
        visit = [sys.executable, "-m", "tests.phone", url, said_after("password", terminal)]
        command = there.command(*visit, curl_line(terminal))
        seen = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
        assert seen.returncode == 0, seen.stderr
        assert "Jardins d’Alice" in seen.stdout
        terminal.process.terminate()
        terminal.end(STOP_S)
        assert "Stopped." in terminal.output
