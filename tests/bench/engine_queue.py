"""From a post to its picture through the emulator, while four others wait and its two workers draw.

The clock's seconds: what else the machine does counts."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path

from tests.bench.engine_case import mask_of, photo_of
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.bench.sizes import Size
from tests.emulator.garden_server import GardenServer
from tests.emulator.process import Client, Process

WIDTH, HEIGHT = 1024, 768
WAITING, DRAWN_AT_ONCE = 4, 2
GOAL_S = 4
STUCK_S = 120


def row(size: Size) -> Row:
    width, height = WIDTH // size.shrink, HEIGHT // size.shrink
    with _emulator(width, height) as (client, garden):
        seconds = _waits(client, garden, size.queued, {"width": width, "height": height})
    p95 = percentile(seconds, 95)
    return Row(
        f"p95 from post to picture at {width} × {height}, four waiting",
        f"{p95:.1f} s",
        f"{percentile(seconds, 50):.1f} s is the median of {len(seconds)}",
        goal=f"≤ {GOAL_S} s",
        met=p95 <= GOAL_S,
    )


@contextmanager
def _emulator(width: int, height: int) -> Iterator[tuple[Client, GardenServer]]:
    """With the workers that it has by default, and no pause but the drawing."""
    with tempfile.TemporaryDirectory() as state, closing(GardenServer()) as garden:
        garden.files["/photo.jpg"] = photo_of((width, height))
        garden.files["/mask.png"] = mask_of((width, height))
        process = Process(Path(state), "--photos", "1000000", "--webhook-id")
        try:
            yield Client(process, garden.url), garden
        finally:
            process.kill()


def _waits(client: Client, garden: GardenServer, jobs: int, size: dict[str, int]) -> list[float]:
    """Seconds of each job that met a full queue: the next is posted when one has ended."""
    types, posted, waits = cycle(("TERRACE", "POOL", "PETANQUE")), {}, []
    before = WAITING + DRAWN_AT_ONCE
    for number in range(before + jobs):
        changes = {"webhook": f"{garden.url}/ended", "room_type": next(types), **size}
        begun = time.monotonic()
        posted[client.generate(**changes)] = begun if number >= before else None
        if number >= before:
            waits += _ended(garden, posted)
    for _ in range(before):
        waits += _ended(garden, posted)
    return waits


def _ended(garden: GardenServer, posted: dict[str, float | None]) -> list[float]:
    """The seconds of the next job that ends, if they count."""
    called = garden.calls("/ended").get(timeout=STUCK_S)
    assert called["status"] == "SUCCEEDED", called
    begun = posted.pop(called["generation_id"])
    return [] if begun is None else [time.monotonic() - begun]
