"""One X-Request-Id from an agency's call to the message that tells its end: in the lines of each
process that had the job in hand, and in the message."""

import re
from collections.abc import Iterator

import pytest

from tests.conftest import mask_bytes, photo_bytes
from tests.servers import Reply, Server, serving
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.processes
SIZE = (480, 360)
NAME = "order-4711.follows"
# What is logged by whom: it is accepted, sent, polled, archived, told.
STEPS = {
    "web": ("accepted",),
    "worker": ("inputs_ready", "submitting", "processing", "archiving", "succeeded"),
}


@pytest.fixture
def garden() -> Iterator[Server]:
    files = {"/photo.jpg": photo_bytes(SIZE), "/mask.png": mask_bytes(SIZE), "/told": Reply(204)}
    with serving(files) as server:
        yield server


def named_lines(stack: Stack, process: str) -> list[str]:
    text = (stack.var / f"{process}.log").read_text()
    return re.findall(rf" \[{re.escape(NAME)}\]: (.+)$", text, re.MULTILINE)


def test_all_that_is_done_for_a_call_has_its_name(stack: Stack, garden: Server) -> None:
    asked = {
        "image_url": f"{garden.origin}/photo.jpg", "mask_url": f"{garden.origin}/mask.png",
        "room_type": "TERRACE", "width": SIZE[0], "height": SIZE[1],
        "webhook": f"{garden.origin}/told",
    }  # fmt: skip
    answer = stack.call("create_exterior/generate", asked, request_id=NAME)
    job = answer.json()["generation_id"]
    assert answer.headers["X-Request-Id"] == NAME and stack.end_of(job)["status"] == "SUCCEEDED"
    wait_until(lambda: named_lines(stack, "worker")[-1].endswith(": 204"), 30, stack.logs)
    for process, steps in STEPS.items():
        told = [line for line in named_lines(stack, process) if line.startswith("generation ")]
        assert told == [f"generation {job}: {step}" for step in steps]
    (message,) = (request for request in garden.requests if request.path == "/told")
    assert message.headers["x-request-id"] == NAME
    sent = f"generation.succeeded, try 1 of {message.headers['webhook-id']}: 204"
    assert named_lines(stack, "worker")[-1] == sent
