"""From photo to picture with web, worker and emulator as processes, and with one of them gone."""

import os
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.conftest import mask_bytes, photo_bytes
from tests.contract.conftest import changed
from tests.servers import Server, serving
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.processes
SIZE = (480, 360)


@pytest.fixture(scope="module")
def garden() -> Iterator[Server]:
    with serving({"/photo.jpg": photo_bytes(SIZE), "/mask.png": mask_bytes(SIZE)}) as server:
        yield server


@pytest.fixture(autouse=True)
def nothing_is_broken_afterwards(stack: Stack) -> Iterator[None]:
    yield
    stack.set_faults([])
    for process in stack.processes.values():
        if not process.is_running:
            process.start()


def generate(stack: Stack, garden: Server, *, key: str = "", **fields: Any) -> str:
    asked = {
        "image_url": f"{garden.origin}/photo.jpg",
        "mask_url": f"{garden.origin}/mask.png",
        "room_type": "TERRACE",
        "width": SIZE[0],
        "height": SIZE[1],
        **fields,
    }
    answer = stack.call("create_exterior/generate", asked, key=key)
    assert answer.status_code == 200, answer.text
    generation_id: str = answer.json()["generation_id"]
    return generation_id


def sent_upstream(stack: Stack) -> list[dict[str, Any]]:
    """The agency's own live jobs, as they arrived at the picture service."""
    generates = (entry for entry in stack.journal() if entry["call"] == "generate")
    own = stack.agency["upstream_key"]
    return [entry for entry in generates if entry["headers"]["x-api-key"] == own]


def test_a_photo_becomes_a_picture_and_is_charged_once(stack: Stack, garden: Server) -> None:
    before, sent = stack.credit(), len(sent_upstream(stack))
    state = stack.end_of(generate(stack, garden))
    assert state["status"] == "SUCCEEDED"
    picture = requests.get(state["urls"][0], timeout=30)
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(picture.content)).size == SIZE
    assert stack.credit() == before - 1
    assert len(sent_upstream(stack)) == sent + 1
    assert "0 differences" in stack.manage("audit_ledger")


def test_the_upstream_sees_the_agencys_own_account(stack: Stack, garden: Server) -> None:
    """Our key and our ids stay here; a test key goes to the agency's built-in account."""
    stack.end_of(generate(stack, garden))
    live = sent_upstream(stack)[-1]
    assert live["headers"]["x-api-key"] == stack.agency["upstream_key"]
    assert live["body"]["user_id"] == stack.agency["iacrea_user_id"]
    before = stack.credit()
    test_key = stack.agency["test_api_key"]
    job = generate(stack, garden, key=test_key)
    assert stack.end_of(job, key=test_key)["status"] == "SUCCEEDED"
    theirs = stack.read(f"Generation.objects.get(pk={job!r}).upstream_id")
    (test,) = (
        entry
        for entry in stack.journal()
        if (entry["call"], entry["generation_id"]) == ("generate", theirs)
    )
    assert test["headers"]["x-api-key"] not in (stack.agency["upstream_key"], test_key)
    assert test["body"]["user_id"] != stack.agency["iacrea_user_id"]
    assert stack.credit() == before


def test_a_job_that_fails_upstream_gives_its_photo_back(stack: Stack, garden: Server) -> None:
    stack.set_faults([{"call": "job", "action": "fail"}])
    before = stack.credit()
    job = generate(stack, garden)
    assert stack.credit() == before - 1
    assert stack.end_of(job)["status"] == "FAILED"
    assert stack.credit() == before


def test_the_command_makes_a_picture_that_differs_only_in_the_zone(
    stack: Stack, tmp_path: Path
) -> None:
    photo, mask, out = (tmp_path / name for name in ("photo.jpg", "mask.png", "out.png"))
    photo.write_bytes(photo_bytes(SIZE))
    mask.write_bytes(mask_bytes(SIZE))
    said = stack.manage(
        "generate", str(photo), str(mask), "--room-type", "POOL", "--out", str(out),
        "--agency", stack.agency["name"],
    )  # fmt: skip
    assert f"{SIZE[0]}×{SIZE[1]}" in said
    working = Image.open(BytesIO(seen_by_the_upstream(stack))).convert("RGB")
    inside, outside = changed(working, Image.open(out).convert("RGB"), mask_bytes(SIZE))
    assert inside > 1000 and outside == 0


def seen_by_the_upstream(stack: Stack) -> bytes:
    url = sent_upstream(stack)[-1]["body"]["image_url"]
    return requests.get(url, timeout=30).content


def test_without_a_worker_nothing_moves_and_nothing_is_lost(stack: Stack, garden: Server) -> None:
    stack.stop_process("worker")
    sent = len(sent_upstream(stack))
    jobs = [generate(stack, garden) for _ in range(3)]
    states = [stack.call("create_exterior/get", {"generation_id": job}).json() for job in jobs]
    assert {state["status"] for state in states} == {"STARTING"}
    assert len(sent_upstream(stack)) == sent
    stack.processes["worker"].start()
    assert [stack.end_of(job)["status"] for job in jobs] == ["SUCCEEDED"] * 3
    assert len(sent_upstream(stack)) == sent + 3


def test_with_the_emulator_down_jobs_wait_for_it(stack: Stack, garden: Server) -> None:
    stack.stop_process("emulator")
    before = stack.credit()
    job = generate(stack, garden)
    wait_until(lambda: "connection_refused" in attempts(stack, job), 30, stack.logs)
    fields = {"generation_id": job}
    assert stack.call("create_exterior/get", fields).json()["status"] == "STARTING"
    stack.processes["emulator"].start()
    assert stack.end_of(job)["status"] == "SUCCEEDED"
    assert stack.credit() == before - 1


def attempts(stack: Stack, job: str) -> str:
    """What was seen at each sending of a job."""
    rows = f"Attempt.objects.filter(generation={job!r})"
    return stack.read(f"list({rows}.values_list('evidence', flat=True))")


def test_a_worker_killed_at_work_is_replaced(stack: Stack, garden: Server) -> None:
    """kill -9 of the whole cluster while iacrea works; the next one brings the picture home."""
    stack.set_faults([{"call": "job", "action": "slow", "seconds": 5}])
    before, sent = stack.credit(), len(sent_upstream(stack))
    job = generate(stack, garden)
    status = f"Generation.objects.get(pk={job!r}).status"
    wait_until(lambda: stack.read(status) == "PROCESSING", 30, stack.logs)
    worker = stack.processes["worker"]
    assert worker.child
    os.killpg(worker.child.pid, signal.SIGKILL)
    worker.child.wait()
    worker.start()
    # The dead sweeper's lease, and then the watchdog's tick.
    assert stack.end_of(job, within_s=150)["status"] == "SUCCEEDED"
    assert len(sent_upstream(stack)) == sent + 1
    assert stack.credit() == before - 1
    assert "0 differences" in stack.manage("audit_ledger")
