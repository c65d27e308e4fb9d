"""Where a demo cannot start it says so in one line; where only its files were lost it makes new."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from accounts.keys import authenticate_api_key
from accounts.models import Agency, User
from config import demo_seed
from tests import demos
from tests.ports import free_ports


@pytest.fixture
def var() -> Iterator[Path]:
    with demos.own_var() as path:
        yield path


@pytest.mark.parametrize("port", ["eight", "80", "65535", "8000.5", "-1", "٨٠٠٠"])
def test_a_malformed_port(var: Path, port: str) -> None:
    assert demos.refusal(var, PORT=port) == f"PORT={port}: expected a number from 1024 to 65534\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "::1", "no..name"])
def test_a_host_that_is_not_this_machine(var: Path, host: str) -> None:
    said = demos.refusal(var, HOST=host, PORT=free_ports(2))
    assert said.startswith(f"HOST={host}: expected ")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("listens_on", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_busy_port_is_named(var: Path, host: str, listens_on: str, which: int) -> None:
    port = free_ports(2)
    with socket.create_server((listens_on, port + which)):
        said = demos.refusal(var, HOST=host, PORT=port)
    assert said.startswith(f"Port {port + which}") and "make demo PORT=" in said


def test_a_folder_that_cannot_be_written(var: Path) -> None:
    var.write_text("a file stands in the way")
    said = demos.refusal(var / "var", PORT=free_ports(2))
    assert said.startswith(f"{var}") and "VAR_DIR=" in said


def test_a_key_that_a_person_broke_is_not_thrown_away(var: Path) -> None:
    """What was encrypted with it would be lost for good."""
    var.mkdir()
    (var / "demo.env").write_text("ENCRYPTION_KEYS=half a key\n")
    port = free_ports(2)
    result = demos.run(var, PORT=port)
    assert result.returncode == 1
    assert result.stderr.startswith("ENCRYPTION_KEYS: expected ")
    assert "half a key" in (var / "demo.env").read_text()


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [None, "", "{", "[]", '{"agency_id": "x"}'])
def test_lost_logins_are_made_anew_for_the_same_agency(tmp_path: Path, broken: str | None) -> None:
    path = tmp_path / "demo.json"
    first = demo_seed.seed(path)
    assert demo_seed.seed(path) == first
    path.unlink()
    if broken is not None:
        path.write_text(broken)
    second = demo_seed.seed(path)
    assert second["agency_id"] == first["agency_id"]
    assert Agency.objects.count() == 2 and User.objects.count() == 4
    assert authenticate_api_key(second["api_key"]).agency.name == "Jardins d’Alice"
    for name in ("alice", "bob", "charlie", "dana"):
        assert authenticate(email=f"{name}@parterre.example", password=second["password"])
