"""The three calls and the credit of iacrea's page, at every door that speaks them."""

from typing import Any

import pytest
import requests
from PIL import Image

from tests.conftest import mask_bytes
from tests.contract.conftest import SIZE, Garden, changed, other_mask, picture
from tests.contract.doors import Door
from tests.contract.wire import WIRE, differences
from tests.stack import wait_until

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def root(door: Door, garden: Garden) -> dict[str, Any]:
    """A terrace, from its first answer to its end."""
    hook = f"{garden.origin}/hook/{door.name}/root"
    before = door.ask("credit", {})["total"]
    fields = {**garden.fields, "room_type": "TERRACE", "webhook": hook}
    accepted = door.ask("generate", fields)
    first = door.state(accepted["generation_id"])
    last, seen = door.wait(accepted["generation_id"])
    return {**accepted, "before": before, "first": first, "last": last, "seen": seen, "hook": hook}


def variation(door: Door, garden: Garden, root: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A variation's last state, with its id."""
    asked = {
        "generation_id": root["generation_id"],
        "original_url": f"{garden.origin}/photo.jpg",
        "room_type": "POOL",
        **fields,
    }
    accepted = door.ask("generate-variation", asked)
    last, _seen = door.wait(accepted["generation_id"])
    return {**last, **accepted}


def test_generate(root: dict[str, Any]) -> None:
    assert root["remaining_photos"] == root["before"] - 1
    assert root["first"]["status"] in ("STARTING", "PROCESSING") and "urls" not in root["first"]


def test_the_end(root: dict[str, Any], garden: Garden) -> None:
    assert root["last"]["status"] == "SUCCEEDED" and root["last"]["variationNumber"] == 0
    order = ["STARTING", "PROCESSING", "SUCCEEDED"]
    assert [order.index(status) for status in root["seen"]] == sorted(
        order.index(status) for status in root["seen"]
    ), "a status went backwards"
    assert picture(root["last"]["urls"][0]).size == SIZE


def test_variations(root: dict[str, Any], door: Door, garden: Garden) -> None:
    """Without a mask the zone is the parent's; with one, only that zone changes."""
    hook = f"{garden.origin}/hook/{door.name}/variation"
    same = variation(door, garden, root, webhook=hook)
    other = variation(
        door, garden, root, room_type="PETANQUE", mask_url=f"{garden.origin}/other.png"
    )
    assert door.state(root["generation_id"])["variationNumber"] == 2
    original = working_image(door, garden)
    for made, mask in ((root["last"], mask_bytes(SIZE)), (same, mask_bytes(SIZE)),
                       (other, other_mask())):  # fmt: skip
        inside, outside = changed(original, picture(made["urls"][0]), mask)
        assert inside > 1000 and outside == 0
    rings_once(garden, root["hook"])
    rings_once(garden, hook)


def working_image(door: Door, garden: Garden) -> Image.Image:
    """The photo that the picture service was given: behind our door it is the stored one."""
    if not door.behind:
        return picture(f"{garden.origin}/photo.jpg")
    journal = requests.get(f"{door.behind}/_emulator/journal?call=generate", timeout=30).json()
    # Jobs of earlier tests may be sent only now: theirs are gardens of another size.
    mine = [
        body["image_url"]
        for body in (entry["body"] for entry in journal)
        if body["image_url"].startswith(door.origin) and (body["width"], body["height"]) == SIZE
    ]
    return picture(mine[-1])


def rings_once(garden: Garden, hook: str) -> None:
    """One POST to a generation's webhook when it ends, with the body of `get`."""
    path = hook.removeprefix(garden.origin)
    wait_until(lambda: bool(garden.rings(path)), 20, lambda: f"{path} never rang")
    (ring,) = garden.rings(path)
    body = ring.json()
    body.pop("generation_id", None)  # iacrea does not say whether it sends one; we do
    assert ring.method == "POST" and differences(body, WIRE["get, succeeded"]["response"]) == []


def test_a_failed_job_gives_its_photo_back(door: Door, garden: Garden) -> None:
    before = door.ask("credit", {})["total"]
    fields = {**garden.fields, "room_type": "POOL", "image_url": f"{garden.origin}/gone.jpg"}
    failed = door.ask("generate", fields)
    assert failed["remaining_photos"] == before - 1
    last, _seen = door.wait(failed["generation_id"])
    assert last["status"] == "FAILED"
    assert door.ask("credit", {})["total"] == before
    after = door.ask("generate", {**garden.fields, "room_type": "POOL"})
    assert after["remaining_photos"] == before - 1
    door.wait(after["generation_id"])


@pytest.mark.parametrize("call", sorted(set(WIRE) - {"get, succeeded", "get, failed"}))
def test_a_missing_field_is_refused_with_a_message(
    door: Door, garden: Garden, root: dict[str, Any], call: str
) -> None:
    known = {**garden.fields, "room_type": "POOL", "generation_id": root["generation_id"],
             "original_url": f"{garden.origin}/photo.jpg", "user_id": door.user_id}  # fmt: skip
    for missing in WIRE[call]["request"]:
        body = {name: known[name] for name in WIRE[call]["request"] if name != missing}
        if missing == "user_id":
            body["user_id"] = None
        answer = door.post(call, body)
        assert answer.status_code == 400, f"{call} without {missing}: {answer.text}"
        assert missing in answer.text


@pytest.mark.parametrize("call", ["generate", "generate-variation", "get, running", "credit"])
def test_no_key_is_401(door: Door, call: str) -> None:
    assert door.post(call, {}, key="").status_code == 401
