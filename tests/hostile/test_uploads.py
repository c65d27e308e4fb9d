"""Whatever file is uploaded: a refusal with a code, or a clean picture of our own making, within
bounds of memory and time. The web process is the real one; what it kept is read from its folder."""

import hashlib
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.hostile import bombs, broken, disguised
from tests.hostile.made import PAYLOAD
from tests.stack import Stack

pytestmark = pytest.mark.processes
FILES = {**bombs.FILES, **broken.FILES, **disguised.FILES}
KEPT = {"photo": ("JPEG", {"RGB"}), "mask": ("PNG", {"L"})}
# The worker may be keeping an earlier test's picture meanwhile; an upload leaves nothing in these.
OF_THE_WORKER = {"pictures", "thumbnails", "sizes"}
MAX_RSS_KB = 2**20
MAX_CPU_S = 10
MAX_WAIT_S = 240  # for a machine that does much else: the processor's seconds are what counts


class Web:
    """The process that decodes: what it took, and what it kept."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.media = stack, stack.var / "media"
        master = stack.processes["web"].child
        assert master is not None
        (worker,) = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()
        self.proc = Path("/proc") / worker

    def post(self, data: bytes, kind: str) -> requests.Response:
        key = {"authorization": f"Bearer {self.stack.agency['test_api_key']}"}
        url, form = f"{self.stack.url}/api/v1/uploads", {"kind": kind}
        file = {"file": ("garden.jpg", data, "image/jpeg")}
        return requests.post(url, form, files=file, headers=key, timeout=MAX_WAIT_S)

    def files(self) -> set[Path]:
        found = {path for path in self.media.rglob("*") if path.is_file()}
        return {
            path for path in found if path.relative_to(self.media).parts[0] not in OF_THE_WORKER
        }

    def forget_peak(self) -> None:
        (self.proc / "clear_refs").write_text("5")

    def peak_kb(self) -> int:
        status = (self.proc / "status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])

    def cpu_s(self) -> float:
        user, system = (self.proc / "stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def web(stack: Stack) -> Iterator[Web]:
    found = Web(stack)
    yield found
    assert found.proc.exists(), "the process that decodes died of a file"


@pytest.mark.parametrize(("code", "make"), FILES.values(), ids=list(FILES))
def test_a_file(web: Web, code: str, make: Callable[[], bytes]) -> None:
    data = make()
    assert judged(web, data, "photo") == code
    # A mask is judged like a photo, and needs something white.
    assert judged(web, data, "mask") in (code, "mask_empty", "")


def judged(web: Web, data: bytes, kind: str) -> str:
    """The code of the refusal, or nothing for a picture that is kept."""
    web.forget_peak()
    before, cpu_s = web.files(), web.cpu_s()
    answer = web.post(data, kind)
    assert web.cpu_s() - cpu_s < MAX_CPU_S and web.peak_kb() < MAX_RSS_KB
    kept = web.files() - before
    if answer.status_code == 201:
        (path,) = kept
        assert_clean(path.read_bytes(), data, kind, answer.json())
        return ""
    assert kept == set() and answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code in (400, 413) and answer.json()["field"] == "file"
    return str(answer.json()["code"])


def assert_clean(kept: bytes, sent: bytes, kind: str, told: dict[str, Any]) -> None:
    """One picture, without a word of what came with it, and to its last byte ours."""
    image = Image.open(BytesIO(kept))
    image.load()
    form, modes = KEPT[kind]
    assert image.format == form and image.mode in modes
    assert (told["width"], told["height"]) == image.size
    assert told["sha256"] == hashlib.sha256(kept).hexdigest()
    assert kept != sent and not any(part in kept for part in (PAYLOAD[:20], PAYLOAD[-20:]))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert kept.endswith((b"\xff\xd9", b"IEND\xaeB`\x82")) and not image.getexif()


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 100
