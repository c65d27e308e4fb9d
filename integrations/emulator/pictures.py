"""Make a job's picture: fetch its photo and mask, and hand them to the engine."""

import io
import time
from dataclasses import dataclass
from uuid import UUID

import requests
from PIL import Image
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from integrations.emulator.canned import mosaic
from integrations.emulator.jobs import Job
from integrations.emulator.machine import Machine
from integrations.emulator.masks import as_seen
from integrations.engine import RoomType, render

MAX_BYTES = 40 * 1024 * 1024
IDLE_TIMEOUT = (5.0, 10.0)  # seconds to connect, and between two bytes
TOTAL_S = 30.0
CHUNK = 64 * 1024
# A client that is just being restarted is called again for some 9 seconds; only the connection is
# tried anew, so what was fetched once is never fetched twice.
RECONNECT = Retry(total=None, connect=5, read=0, redirect=0, status=0, other=0, backoff_factor=0.3)


class Unusable(Exception):
    """What the client gave makes no picture."""


@dataclass(frozen=True)
class Made:
    png: bytes
    mask: bytes | None


def make(machine: Machine, job: Job) -> Made:
    """Raises `Unusable` and `EngineError`."""
    if machine.faults.picture() == "canned":
        return Made(mosaic(job.generation_id, job.width, job.height), None)
    photo = _fetched("photo", job.image_url)
    mask = _fetched("mask", job.mask_url) if job.mask_url else _earlier_mask(machine, job)
    seen = as_seen(mask, photo, machine.settings)
    made = render(photo, seen, RoomType(job.room_type), seed=_seed(job))
    told = (job.width or made.image.width, job.height or made.image.height)
    if told != made.image.size and not machine.settings.any_size:
        raise Unusable(f"width and height say {told}, the photo has {made.image.size}")
    out = io.BytesIO()
    made.image.save(out, "PNG", compress_level=3)
    return Made(out.getvalue(), mask)


def with_a_window(made: Made) -> Made:
    """Changed where nobody asked for it: a red pane in the upper left."""
    image = Image.open(io.BytesIO(made.png)).convert("RGB")
    width, height = image.size
    image.paste((190, 40, 40), (width // 20, height // 12, width // 4, height // 3))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return Made(out.getvalue(), made.mask)


def _seed(job: Job) -> int:
    """A variation differs from what came before, and a second start gives the same picture."""
    return UUID(job.generation_id).int % 2**31


def _earlier_mask(machine: Machine, job: Job) -> bytes:
    with machine.store.transaction() as db:
        row = db.execute(
            "SELECT content FROM masks WHERE generation_id = ?", (job.parent_id,)
        ).fetchone()
    if row is None:
        raise Unusable("the previous generation has left no mask")
    return bytes(row["content"])


def _fetched(what: str, url: str) -> bytes:
    """Raises `Unusable`."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two processes on one machine
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=RECONNECT))
            answer = session.get(url, stream=True, timeout=IDLE_TIMEOUT, allow_redirects=False)
            with answer:
                return _read(what, answer)
    except (requests.RequestException, HTTPError) as error:
        raise Unusable(f"the {what} cannot be fetched: {type(error).__name__}") from error


def _read(what: str, answer: requests.Response) -> bytes:
    if answer.status_code != 200:
        raise Unusable(f"the {what} cannot be fetched: status {answer.status_code}")
    deadline, content = time.monotonic() + TOTAL_S, bytearray()
    # Whatever has come, so that a dripping server is noticed: iter_content waits for whole chunks.
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        content += chunk
        if len(content) > MAX_BYTES or time.monotonic() > deadline:
            raise Unusable(f"the {what} is too large or too slow")
    return bytes(content)
