"""One picture after the other, each beside its floor, in a process of its own on one core:
`python -m tests.bench.engine_case TYPE WIDTH HEIGHT PAIRS` prints what it took, as JSON.

Seconds are those of the processor: on a core that does nothing else they are the clock's, and
beside other work they stay what they are.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # before numpy is loaded

import cv2
import numpy as np
from PIL import Image, ImageDraw

from integrations.engine import RoomType, render

GARDEN = Path(__file__).parents[2] / "static" / "samples" / "garden.jpg"
# 26 % of the picture, from the photographer's feet to some ten metres.
ZONE = ((0.34, 0.59), (0.657, 0.59), (0.9925, 0.99), (0.0075, 0.99))
WARP = np.array([[1.1, 0.02, 3.0], [0.01, 1.05, 2.0], [1e-5, 1e-4, 1.0]])
QUALITY = 92


@dataclass(frozen=True)
class Case:
    """Seconds of each photo's first picture, of a variation, and of the floor, in turn; megabytes
    at the highest."""

    ours: list[float]
    again: list[float]
    floor: list[float]
    megabytes: float


def measured(room_type: RoomType, size: tuple[int, int], pairs: int) -> Case:
    mask, case = mask_of(size), Case([], [], [], 0)
    _picture(photo_of((160, 120)), mask_of((160, 120)), room_type, 0)  # its imports
    for number in range(pairs):
        photo = photo_of(size, number)
        for seconds in (case.ours, case.again):
            seed = 2 * number + (seconds is case.again)
            seconds.append(_seconds(lambda p=photo, s=seed: _picture(p, mask, room_type, s)))
        case.floor.append(_seconds(lambda p=photo: _floor(p, mask)))
    return replace(case, megabytes=_highest_megabytes())


def photo_of(size: tuple[int, int], number: int = 0) -> bytes:
    """The sample garden, cut to the size's proportion; each number is another photo."""
    with Image.open(GARDEN) as garden:
        width, height = garden.size
        wide = min(width - 2 * number, round(height * size[0] / size[1]))
        left = (width - wide) // 2 + number
        cut = garden.convert("RGB").crop((left, 0, left + wide, height))
    return _encoded(cut.resize(size, Image.Resampling.LANCZOS), "JPEG")


def mask_of(size: tuple[int, int]) -> bytes:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([(x * size[0], y * size[1]) for x, y in ZONE], fill=255)
    return _encoded(mask, "PNG")


def _picture(photo: bytes, mask: bytes, room_type: RoomType, seed: int) -> bytes:
    return _encoded(render(photo, mask, room_type, seed=seed).image, "JPEG")


def _floor(photo: bytes, mask: bytes) -> bytes:
    """What no engine can do without: read both, lay one thing down in perspective, write."""
    with Image.open(io.BytesIO(photo)) as opened, Image.open(io.BytesIO(mask)) as painted:
        pixels, zone = np.array(opened.convert("RGB")), np.asarray(painted.convert("L"))
    laid = cv2.warpPerspective(pixels, WARP, (zone.shape[1], zone.shape[0]))
    cv2.copyTo(laid, zone, pixels)
    return _encoded(Image.fromarray(pixels), "JPEG")


def _encoded(image: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, quality=QUALITY)
    return stream.getvalue()


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _highest_megabytes() -> float:
    """Not ru_maxrss: that begins with what the process had been before it became this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    name, width, height, pairs = sys.argv[1:]
    case = measured(RoomType(name), (int(width), int(height)), int(pairs))
    print(json.dumps(asdict(case)))
