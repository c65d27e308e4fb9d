"""What a killed machine still knows, and what it does with the work it left."""

from collections.abc import Iterator

import pytest
import requests

from integrations.emulator import journal
from tests.emulator.conftest import replace
from tests.emulator.garden_server import GardenServer
from tests.emulator.process import Client, Process, run_refused


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A machine to kill."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "faults.json").write_text("[]")
    process = Process(folder / "state", "--faults", str(folder / "faults.json"))
    yield process
    process.kill()


def test_nothing_is_forgotten(own: Process, garden: GardenServer) -> None:
    client = Client(own, garden.url)
    ended, lost = client.generate(), client.generate(mask_url=f"{garden.url}/page.html")
    picture = requests.get(client.end(ended)["urls"][0], timeout=5).content
    client.end(lost)
    own.kill()
    own.start()
    assert client.photos() == 99
    assert client.get(lost)["status"] == "FAILED"
    assert requests.get(client.get(ended)["urls"][0], timeout=5).content == picture
    assert client.end(client.vary(ended))["status"] == "SUCCEEDED"
    submits = journal.read(own.state, call="generate")
    mine = [entry.generation_id for entry in submits if entry.api_key == client.api_key]
    assert mine == [ended, lost]


def test_a_job_goes_on_where_it_was(own: Process, garden: GardenServer) -> None:
    """Killed while its workers wait for a photo that never comes, and a third job in the queue."""
    client = Client(own, garden.url)
    garden.hold.clear()
    started = [client.generate(image_url=f"{garden.url}/held.jpg") for _ in range(3)]
    for generation_id in started[:2]:
        client.wait(generation_id, "PROCESSING")
    own.kill()
    garden.hold.set()
    own.start()
    assert [client.end(one)["status"] for one in started] == ["SUCCEEDED"] * 3
    assert client.photos() == 97


def test_a_wait_outlives_the_process(own: Process, garden: GardenServer) -> None:
    faults = own.state.parent / "faults.json"
    replace(faults, [{"call": "job", "action": "slow", "seconds": 600}])
    client = Client(own, garden.url)
    generation_id = client.generate()
    client.wait(generation_id, "PROCESSING")
    own.kill()
    replace(faults, [])
    own.start()
    client.wait(client.generate(), "SUCCEEDED")
    assert client.get(generation_id)["status"] == "PROCESSING"


def test_it_stops_at_once_in_the_middle_of_work(own: Process, garden: GardenServer) -> None:
    client = Client(own, garden.url)
    garden.hold.clear()
    generation_id = client.generate(image_url=f"{garden.url}/held.jpg")
    client.wait(generation_id, "PROCESSING")
    assert own.stop() == 0
    garden.hold.set()
    own.start()
    client.wait(generation_id, "SUCCEEDED")


def test_two_machines_never_share_a_folder(process: Process) -> None:
    code, words = run_refused(process.state)
    assert code == 2
    assert words.count("\n") == 1 and "another emulator" in words
