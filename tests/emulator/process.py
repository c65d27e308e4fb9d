"""The emulator as a real process, and a client that speaks iacrea's wire to it."""

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import requests
from PIL import Image

from tests.emulator.garden_server import SIZE

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE = [sys.executable, "-m", "integrations.emulator"]
MANAGE = [sys.executable, "manage.py", "emulator"]
READY = "Emulator ready: "
PATHS = {
    "generate": "/api/create_exterior/generate",
    "variation": "/api/create_exterior/generate-variation",
    "get": "/api/create_exterior/get",
    "credit": "/api/account/credit",
}
T = TypeVar("T")


def wait_for(probe: Callable[[], T | None], within_s: float = 15) -> T:
    """What `probe` gives as soon as it gives something true."""
    end = time.monotonic() + within_s
    while not (found := probe()):
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)
    return found


class Process:
    """One emulator on a port of its own."""

    def __init__(self, state: Path, *flags: str, command: list[str] = MODULE) -> None:
        self.state = state
        self._argv = [*command, "--port", "0", "--delay", "0", "--state", str(state), *flags]
        self.start()

    def start(self) -> None:
        self.child = subprocess.Popen(
            self._argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.log: list[str] = []
        threading.Thread(target=self._read_log, args=(self.child,), daemon=True).start()
        # Ends by itself: the child prints the line, or dies and closes the pipe.
        line = self.child.stdout.readline() if self.child.stdout else ""
        assert line.startswith(READY), self.log
        self.url = line.removeprefix(READY).strip()

    def kill(self) -> None:
        self.child.kill()
        self.child.wait(10)

    def stop(self) -> int:
        self.child.terminate()
        return self.child.wait(10)

    def _read_log(self, child: "subprocess.Popen[str]") -> None:
        assert child.stderr is not None
        self.log.extend(child.stderr)


def run_refused(state: Path, *flags: str) -> tuple[int, str]:
    """Exit code and words of an emulator that does not start."""
    ended = subprocess.run(
        [*MODULE, "--port", "0", "--state", str(state), *flags],
        cwd=ROOT, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    return ended.returncode, ended.stderr


class Client:
    """One iacrea account: a key and a user id that nobody else has."""

    def __init__(self, process: Process, files: str) -> None:
        self.process = process
        self.files = files
        self.api_key = f"key-{uuid4()}"
        self.user_id = str(uuid4())

    def post(self, call: str, body: Any, **options: Any) -> requests.Response:
        headers = options.pop("headers", {"x-api-key": self.api_key})
        url = self.process.url + PATHS[call]
        return requests.post(url, json=body, headers=headers, **{"timeout": 10, **options})

    def generation(self, **changes: Any) -> dict[str, Any]:
        """A body for `generate`; a change to None leaves the field out."""
        body = {
            "user_id": self.user_id,
            "image_url": f"{self.files}/photo.jpg",
            "mask_url": f"{self.files}/mask.png",
            "room_type": "TERRACE",
            "width": SIZE[0],
            "height": SIZE[1],
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def generate(self, **changes: Any) -> str:
        answer = self.post("generate", self.generation(**changes))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["generation_id"])

    def variation(self, generation_id: str, **changes: Any) -> dict[str, Any]:
        body = {
            "user_id": self.user_id,
            "generation_id": generation_id,
            "original_url": f"{self.files}/photo.jpg",
            "room_type": "POOL",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def vary(self, generation_id: str, **changes: Any) -> str:
        answer = self.post("variation", self.variation(generation_id, **changes))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["generation_id"])

    def get(self, generation_id: str) -> dict[str, Any]:
        answer = self.post("get", {"user_id": self.user_id, "generation_id": generation_id})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def picture(self, generation_id: str) -> Image.Image:
        url = self.wait(generation_id, "SUCCEEDED")["urls"][0]
        return Image.open(io.BytesIO(requests.get(url, timeout=10).content))

    def photos(self) -> int:
        return int(self.post("credit", {"user_id": self.user_id}).json()["total"])

    def wait(self, generation_id: str, status: str, within_s: float = 15) -> dict[str, Any]:
        """The body of `get` once it says this status."""

        def probe() -> dict[str, Any] | None:
            body = self.get(generation_id)
            return body if body["status"] == status else None

        return wait_for(probe, within_s)

    def end(self, generation_id: str) -> dict[str, Any]:
        """The body of `get` once the job has ended, either way."""

        def probe() -> dict[str, Any] | None:
            body = self.get(generation_id)
            return body if body["status"] in ("SUCCEEDED", "FAILED") else None

        return wait_for(probe)
