"""One emulator for most tests: each test has an account, and fault rules, of its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.garden_server import GardenServer
from tests.emulator.process import Client, Process

OTHER_FLAGS = (
    "--photos 9 --cost 2 --variation-cost 3 --free-variations 1 --result-seconds 0.5"
    " --webhook-id --no-webhook-on-failed"
)
# One photo, and it is taken at the end; a mask is read the other way round.
LATE_FLAGS = "--photos 1 --charge-on-success --zone black --any-size --no-photos-code 403"
SetFaults = Callable[..., None]


@pytest.fixture(scope="package")
def garden() -> Iterator[GardenServer]:
    server = GardenServer()
    yield server
    server.close()


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("emulator")
    (folder / "faults.json").write_text("[]")
    process = Process(folder / "state", "--faults", str(folder / "faults.json"))
    yield process
    process.kill()


@pytest.fixture(scope="package")
def other_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A machine with another answer to everything that iacrea does not document."""
    process = Process(tmp_path_factory.mktemp("other"), *OTHER_FLAGS.split())
    yield process
    process.kill()


@pytest.fixture
def other_client(other_process: Process, garden: GardenServer) -> Client:
    return Client(other_process, garden.url)


@pytest.fixture(scope="package")
def late_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("late"), *LATE_FLAGS.split())
    yield process
    process.kill()


@pytest.fixture
def late_payer(late_process: Process, garden: GardenServer) -> Client:
    return Client(late_process, garden.url)


@pytest.fixture
def client(process: Process, garden: GardenServer) -> Client:
    return Client(process, garden.url)


@pytest.fixture
def faults(process: Process, client: Client) -> Iterator[SetFaults]:
    """Set the rules of this test, for its own account."""
    path = process.state.parent / "faults.json"

    def set_faults(*rules: dict[str, Any]) -> None:
        replace(path, [{"user_id": client.user_id, **rule} for rule in rules])

    yield set_faults
    replace(path, [])


def replace(path: Path, rules: Any) -> None:
    """In one step, so that the emulator never reads half a file."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(rules))
    new.replace(path)
