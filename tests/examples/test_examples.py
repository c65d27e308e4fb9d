"""What a developer copies works as it stands, against the product as processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image

from tests.conftest import mask_bytes, photo_bytes
from tests.ports import free_ports
from tests.stack import ROOT, Stack, wait_until

pytestmark = pytest.mark.processes
SIZE = (480, 360)
EXAMPLES = ROOT / "examples"


def told(stack: Stack, **more: str) -> dict[str, str]:
    key = stack.agency["test_api_key"]
    return {**os.environ, "PARTERRE_URL": stack.url, "PARTERRE_KEY": key, **more}


def test_the_client_brings_a_picture(stack: Stack, tmp_path: Path) -> None:
    photo, mask, out = (tmp_path / name for name in ("photo.jpg", "mask.png", "out.png"))
    photo.write_bytes(photo_bytes(SIZE))
    mask.write_bytes(mask_bytes(SIZE))
    argv = [sys.executable, "client.py", str(photo), str(mask), "POOL", str(out)]
    done = subprocess.run(
        argv, cwd=EXAMPLES, env=told(stack), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr + stack.logs()
    with Image.open(out) as picture:
        assert picture.size == SIZE


def test_the_client_says_what_was_wrong(stack: Stack, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"no photo")
    argv = [sys.executable, "client.py", str(photo), str(photo), "POOL", "out.png"]
    done = subprocess.run(
        argv, cwd=EXAMPLES, env=told(stack), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and done.stderr.startswith("image_not_decodable: ")


@pytest.fixture
def port() -> int:
    return free_ports(1)


@pytest.fixture
def secret(stack: Stack, port: int) -> str:
    fields = {"url": f"http://127.0.0.1:{port}/parterre"}
    answer = requests.post(
        f"{stack.url}/api/v1/webhook-endpoints", json=fields, headers=key(stack), timeout=10
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


def key(stack: Stack) -> dict[str, str]:
    return {"authorization": f"Bearer {stack.agency['test_api_key']}"}


@pytest.fixture
def receiver(stack: Stack, port: int, secret: str) -> Iterator["subprocess.Popen[str]"]:
    argv, more = [sys.executable, "receiver.py", str(port)], {"PARTERRE_WEBHOOK_SECRET": secret}
    with subprocess.Popen(
        argv, cwd=EXAMPLES, env=told(stack, **more), stdout=subprocess.PIPE, text=True
    ) as child:
        yield child
        child.kill()


def test_the_receiver_verifies_a_webhook(
    stack: Stack, port: int, receiver: "subprocess.Popen[str]"
) -> None:
    origin = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(origin), 20, stack.logs)
    endpoints = f"{stack.url}/api/v1/webhook-endpoints"
    (endpoint,) = requests.get(endpoints, headers=key(stack), timeout=10).json()["data"]
    sent = requests.post(f"{endpoints}/{endpoint['id']}/test", headers=key(stack), timeout=10)
    assert sent.status_code == 202 and receiver.stdout
    assert receiver.stdout.readline().startswith("test.ping ")
    assert requests.post(origin, data=b"{}", timeout=10).status_code == 400, "nobody's signature"


def _answers(origin: str) -> bool:
    try:
        return requests.post(origin, data=b"{}", timeout=5).status_code == 400
    except requests.ConnectionError:
        return False
