"""A generation's whole life, as a client of iacrea sees it."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import requests
from PIL import Image

from tests.emulator.conftest import SetFaults
from tests.emulator.garden_server import SIZE, GardenServer
from tests.emulator.process import MANAGE, Client, Process, wait_for
from tests.ports import free_ports

PHOTOS = 100


def picture(url: str) -> Image.Image:
    answer = requests.get(url, timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.content))


@pytest.mark.parametrize("room_type", ["TERRACE", "POOL", "PETANQUE"])
def test_a_generation_ends_with_a_picture(client: Client, room_type: str) -> None:
    answer = client.post("generate", client.generation(room_type=room_type)).json()
    assert list(answer) == ["generation_id", "remaining_photos", "project_id"]
    assert UUID(answer["generation_id"]) != UUID(answer["project_id"])
    assert answer["remaining_photos"] == PHOTOS - 1
    body = client.wait(answer["generation_id"], "SUCCEEDED")
    assert list(body) == ["status", "urls", "variationNumber"]
    assert (len(body["urls"]), body["variationNumber"]) == (1, 0)
    assert picture(body["urls"][0]).size == SIZE


def test_urls_are_absent_before_the_end(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "stuck"})
    body = client.wait(client.generate(), "PROCESSING")
    assert body == {"status": "PROCESSING", "variationNumber": 0}


def test_the_picture_is_the_photo_outside_the_zone(client: Client, garden: GardenServer) -> None:
    made = picture(client.end(client.generate())["urls"][0]).convert("RGB")
    photo = Image.open(BytesIO(garden.files["/photo.jpg"])).convert("RGB")
    top = (0, 0, 160, 45)
    assert made.crop(top).tobytes() == photo.crop(top).tobytes()
    assert made.tobytes() != photo.tobytes()


def test_a_variation_is_free_and_differs(client: Client) -> None:
    first = client.generate()
    before = client.end(first)["urls"][0]
    answer = client.post("variation", client.variation(first, room_type="TERRACE")).json()
    assert list(answer) == ["generation_id"]
    body = client.wait(answer["generation_id"], "SUCCEEDED")
    assert body["variationNumber"] == client.get(first)["variationNumber"] == 1
    assert picture(body["urls"][0]).tobytes() != picture(before).tobytes()
    assert client.photos() == PHOTOS - 1


def test_a_variation_fetches_a_mask_only_when_given(client: Client, garden: GardenServer) -> None:
    first = client.generate()
    client.end(first)
    garden.fetched.clear()
    second = client.vary(first)
    assert client.end(second)["status"] == "SUCCEEDED"
    assert garden.fetched == ["/photo.jpg"]
    third = client.vary(second, mask_url=f"{garden.url}/other-mask.png")
    assert client.end(third) == {**client.end(third), "status": "SUCCEEDED", "variationNumber": 2}
    assert garden.fetched == ["/photo.jpg", "/photo.jpg", "/other-mask.png"]


@pytest.mark.parametrize(
    "change",
    [
        {"image_url": "{}/nothing.jpg"},
        {"image_url": "http://127.0.0.1:1/photo.jpg"},
        {"image_url": "{}/page.html"},
        {"mask_url": "{}/page.html"},
        {"mask_url": "{}/small-mask.png"},
        {"mask_url": "{}/empty-mask.png"},
        {"width": 640},
    ],
    ids=str,
)
def test_what_makes_no_picture_fails_and_gives_the_photo_back(
    client: Client, garden: GardenServer, change: dict[str, str | int]
) -> None:
    filled = {k: v.format(garden.url) if isinstance(v, str) else v for k, v in change.items()}
    body = client.end(client.generate(**filled))
    assert body == {"status": "FAILED", "variationNumber": 0}
    assert client.photos() == PHOTOS


def test_a_client_that_is_just_starting_is_called_again(client: Client) -> None:
    """Web and emulator of a demo that starts again: the jobs of before must not fail for it."""
    port = free_ports(1)
    job = client.generate(image_url=f"http://127.0.0.1:{port}/photo.jpg")
    client.wait(job, "PROCESSING")
    late = GardenServer(port)
    try:
        assert client.end(job)["status"] == "SUCCEEDED"
        assert late.fetched == ["/photo.jpg"]
    finally:
        late.close()


def test_credit_of_a_new_account(client: Client) -> None:
    answer = client.post("credit", {"user_id": client.user_id})
    assert answer.json() == {"total": PHOTOS, "subscription": PHOTOS, "extra": 0}


def test_nobody_can_guess_a_picture(client: Client, process: Process) -> None:
    url = client.end(client.generate())["urls"][0]
    assert url.startswith(f"{process.url}/results/") and url.endswith(".png")
    assert len(url.rsplit("/", 1)[1]) > 40
    assert requests.get(f"{process.url}/results/guess.png", timeout=5).status_code == 404


def test_healthz(process: Process) -> None:
    answer = requests.get(f"{process.url}/healthz", timeout=5)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_other_prices(other_client: Client) -> None:
    first = other_client.generate()
    assert other_client.photos() == 7
    other_client.end(first)
    other_client.vary(first)
    assert other_client.photos() == 7
    other_client.vary(first)
    assert other_client.photos() == 4


def test_a_mask_of_another_size_and_polarity(late_payer: Client, garden: GardenServer) -> None:
    mask = f"{garden.url}/small-inverted-mask.png"
    body = late_payer.end(late_payer.generate(mask_url=mask, width=640))
    assert picture(body["urls"][0]).size == SIZE


def test_a_url_dies_and_a_new_one_is_given(other_client: Client) -> None:
    generation_id = other_client.generate()
    url = other_client.end(generation_id)["urls"][0]
    wait_for(lambda: requests.get(url, timeout=5).status_code == 404)
    assert other_client.get(generation_id)["urls"][0] != url


def test_the_command_starts_it_and_sigterm_ends_it(tmp_path: Path, garden: GardenServer) -> None:
    process = Process(tmp_path, command=MANAGE)
    try:
        client = Client(process, garden.url)
        assert client.end(client.generate())["status"] == "SUCCEEDED"
        assert process.stop() == 0
    finally:
        process.kill()
