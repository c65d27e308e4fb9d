"""Pictures that are not drawn, for runs of thousands of jobs; and one that must not be opened."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import requests
from PIL import Image

from tests.emulator.conftest import SetFaults, replace
from tests.emulator.process import Client, Process

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def canned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client whose photos and masks nobody serves."""
    folder = tmp_path_factory.mktemp("canned")
    replace(folder / "faults.json", {"picture": "canned", "rules": []})
    process = Process(folder / "state", "--faults", str(folder / "faults.json"))
    yield Client(process, NOWHERE)
    process.kill()


def picture(client: Client, generation_id: str) -> bytes:
    return requests.get(client.end(generation_id)["urls"][0], timeout=5).content


def test_each_job_has_its_own_without_a_fetch(canned: Client) -> None:
    jobs = [canned.generate() for _ in range(20)]
    pictures = [picture(canned, job) for job in jobs]
    assert len(set(pictures)) == 20
    for content in pictures:
        image = Image.open(BytesIO(content))
        image.load()
        assert (image.format, image.size, image.mode) == ("PNG", (96, 72), "RGB")


def test_it_is_no_larger_than_told(canned: Client) -> None:
    content = picture(canned, canned.generate(width=20, height=10))
    assert Image.open(BytesIO(content)).size == (20, 10)


def test_a_variation_of_it_is_one_too(canned: Client) -> None:
    first = canned.generate()
    second = canned.vary(first)
    assert picture(canned, first) != picture(canned, second)


def test_the_mode_can_change_while_it_runs(canned: Client) -> None:
    path = canned.process.state.parent / "faults.json"
    replace(path, [])
    assert canned.end(canned.generate())["status"] == "FAILED"
    replace(path, {"picture": "canned", "rules": []})
    assert canned.end(canned.generate())["status"] == "SUCCEEDED"


def test_a_bomb(client: Client, faults: SetFaults) -> None:
    url = client.end(client.generate())["urls"][0]
    faults({"call": "result", "action": "bomb"})
    content = requests.get(url, timeout=20).content
    assert len(content) < 1_000_000
    with pytest.raises(Image.DecompressionBombError, match="400000000 pixels"):
        Image.open(BytesIO(content))


def test_a_small_bomb_is_a_valid_picture(client: Client, faults: SetFaults) -> None:
    url = client.end(client.generate())["urls"][0]
    faults({"call": "result", "action": "bomb", "side": 33})
    image = Image.open(BytesIO(requests.get(url, timeout=5).content))
    assert image.convert("L").getextrema() == (0, 0)
