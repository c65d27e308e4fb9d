"""The code on the pages does what they say: copied from them, and run against the product."""

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
import requests
from PIL import Image

from projects.reference import examples as ex
from tests.conftest import photo_bytes
from tests.ports import free_ports
from tests.reference import shown
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.processes
DOCS = "developers/docs"
# What is available cannot tell it: test photos are filled up meanwhile.
HOLDS = """
from accounts.models import LedgerEntry
held = LedgerEntry.objects.filter(generation_id="{}", kind="hold")
print([entry.quantity for entry in held])
"""
KEY = re.compile(r"(Idempotency-Key\"?: [\"']?)[0-9a-f-]{36}")
# Page and call, in the order in which one needs what the other answered.
CALLS = [
    ("uploads", "createUpload"),
    ("uploads", "getUpload"),
    ("projects", "createProject"),
    ("generations", "createGeneration"),
    ("generations", "getGeneration"),
    ("generations", "listGenerations"),
    ("generations", "createVariation"),
    ("quota", "getQuota"),
    ("members", "putMember"),
    ("webhook-endpoints", "createEndpoint"),
    ("iacrea", "iacreaGenerate"),
    ("iacrea", "iacreaGet"),
]
STANDS_FOR = {
    "createUpload": ex.PHOTO,
    "createProject": ex.PROJECT,
    "createGeneration": ex.GENERATION,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Large enough for the corners of the examples."""
    (tmp_path / "garden.jpg").write_bytes(photo_bytes((1536, 1024)))
    return tmp_path


def test_the_same_calls_in_each_language_are_the_same(stack: Stack, folder: Path) -> None:
    """The Idempotency-Key replays the first answer only to the same body."""
    first = answers(stack, folder, "curl")
    again = answers(stack, folder, "Python")
    for name in ("createUpload", "createProject", "createGeneration", "createVariation"):
        assert again[name]["id"] == first[name]["id"]
    assert again["createEndpoint"] == first["createEndpoint"]
    listed = {one["id"] for one in first["listGenerations"]["data"]}
    now = {one["id"] for one in again["listGenerations"]["data"]}
    assert listed <= now <= {*listed, first["createVariation"]["id"]}, "nothing was made twice"
    assert held(stack, first["createGeneration"]) == "[1]", "once"
    assert held(stack, first["createVariation"]) == "[]", "which is free"


def held(stack: Stack, job: dict[str, Any]) -> str:
    return stack.manage("shell", "--no-imports", "-c", HOLDS.format(job["id"])).strip()


def test_the_calls_in_javascript_are_accepted(stack: Stack, folder: Path) -> None:
    for topic, name in [("uploads", "createUpload"), ("quota", "getQuota")]:
        code = shown.sample(shown.page(f"{stack.url}/{DOCS}/{topic}"), name, "JavaScript")
        assert "id" in shown.run(code, "JavaScript", folder, stack.agency["test_api_key"])


def answers(stack: Stack, folder: Path, language: str) -> dict[str, Any]:
    """Of every call, with the real ids in the places of the examples'."""
    real = {"https://example.org": "https://example.com"}
    found: dict[str, Any] = {}
    for topic, name in CALLS:
        code = shown.sample(shown.page(f"{stack.url}/{DOCS}/{topic}"), name, language)
        for example, value in {**real, **people(stack, name)}.items():
            code = code.replace(example, value)
        code = KEY.sub(rf"\g<1>{uuid5(NAMESPACE_OID, name)}", code)  # each page shows a new one
        printed = shown.run(code, language, folder, stack.agency["test_api_key"])
        found[name] = json.loads(printed) if language == "curl" else ast.literal_eval(printed)
        assert "code" not in found[name], (name, found[name])
        if name in STANDS_FOR:
            real[STANDS_FOR[name]] = found[name]["id"]
        if name == "createGeneration":
            wait_for_the_end(stack, found[name]["id"])
    return found


def people(stack: Stack, call: str) -> dict[str, str]:
    """A new one for the call that makes one, else the agency's owner."""
    new = str(uuid4())
    address = {"lea@jardins.example": f"lea-{new}@jardins.example"}
    return {**address, ex.MEMBER: new if call == "putMember" else stack.agency["iacrea_user_id"]}


def wait_for_the_end(stack: Stack, generation_id: str) -> None:
    end = stack.end_of(generation_id, key=stack.agency["test_api_key"])
    assert end["status"] == "SUCCEEDED"


def test_the_first_picture_is_there_within_minutes(stack: Stack, folder: Path) -> None:
    first = next(b for b in start(stack) if "pool.png" in b)
    shown.run(first, "Python", folder, stack.agency["test_api_key"])
    assert Image.open(folder / "pool.png").size == (1536, 1024)


def test_the_first_webhook_is_verified(stack: Stack, folder: Path) -> None:
    key = stack.agency["test_api_key"]
    assert "available" in shown.run(start(stack)[1], "curl", folder, key)
    port = free_ports(1)
    make = next(b for b in start(stack) if '{"url"' in b)
    make = make.replace("127.0.0.1:9000", f"127.0.0.1:{port}")
    made = json.loads(shown.run(make, "curl", folder, key))
    ping = next(b for b in start(stack) if "/test" in b).replace("ID=…", f"ID={made['id']}")
    with receiver(stack, folder, port, made["secret"]) as printed:
        shown.run(ping, "curl", folder, key)
        wait_until(lambda: "test.ping" in printed.read_text(), 60, stack.logs)
        forged = requests.post(f"http://127.0.0.1:{port}/", b"{}", headers=forgery(), timeout=10)
        unsigned = requests.post(f"http://127.0.0.1:{port}/", b"{}", timeout=10)
        assert forged.status_code == unsigned.status_code == 400


def start(stack: Stack) -> list[str]:
    return shown.blocks(shown.page(f"{stack.url}/{DOCS}/"))


def forgery() -> dict[str, str]:
    return {"webhook-id": "msg_1", "webhook-timestamp": f"{time.time():.0f}",
            "webhook-signature": "v1,AAAA"}  # fmt: skip


@contextmanager
def receiver(stack: Stack, folder: Path, port: int, secret: str) -> Iterator[Path]:
    """The program of the page; yields what it prints."""
    code = next(b for b in start(stack) if "class Receiver" in b)
    (folder / "verify.py").write_text(next(b for b in start(stack) if "def verify" in b))
    (folder / "receiver.py").write_text(code.replace("9000", str(port)))
    printed = folder / "printed.txt"
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "receiver.py"],
            cwd=folder,
            env={**os.environ, "PARTERRE_SECRET": secret},
            stdout=out,
        )
    try:
        wait_until(lambda: is_up(port), 30, printed.read_text)
        yield printed
    finally:
        process.terminate()
        process.wait()


def is_up(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code > 0
    except requests.ConnectionError:
        return False
