"""A garden on an HTTP server, and each door that speaks iacrea's wire."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
import requests
from PIL import Image, ImageChops

from tests.conftest import mask_bytes, photo_bytes
from tests.contract.doors import DOORS, Door
from tests.servers import Reply, Request, Server
from tests.stack import Stack

SIZE = (640, 480)
CORNER = (40, 300, 300, 460)


def other_mask() -> bytes:
    """A zone at the left, where mask_bytes() has none of its own."""
    mask = Image.new("L", SIZE, 0)
    mask.paste(255, CORNER)
    out = BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Garden:
    """Where photo and masks are fetched from, and where webhooks ring."""

    server: Server
    origin: str

    @property
    def fields(self) -> dict[str, Any]:
        width, height = SIZE
        return {
            "image_url": f"{self.origin}/photo.jpg",
            "mask_url": f"{self.origin}/mask.png",
            "width": width,
            "height": height,
        }

    def rings(self, path: str) -> list[Request]:
        return [request for request in self.server.requests if request.path == path]


@pytest.fixture(scope="module")
def garden() -> Iterator[Garden]:
    files = {
        "/photo.jpg": photo_bytes(SIZE),
        "/mask.png": mask_bytes(SIZE),
        "/other.png": other_mask(),
    }

    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return Reply()
        return Reply(body=files[request.path]) if request.path in files else Reply(404)

    with Server(answer) as server:
        # iacrea itself fetches from outside: then the same files lie on a public server.
        yield Garden(server, os.environ.get("IACREA_CONTRACT_ORIGIN") or server.origin)


@pytest.fixture(scope="module", params=list(DOORS))
def door(request: Any, stack: Stack) -> Door:
    return DOORS[request.param](stack)


def picture(url: str) -> Image.Image:
    """Opened without any header, as an agency's software does."""
    answer = requests.get(url, timeout=60)
    assert answer.status_code == 200
    return Image.open(BytesIO(answer.content)).convert("RGB")


def changed(before: Image.Image, after: Image.Image, mask: bytes) -> tuple[int, int]:
    """Pixels that differ inside and outside the mask."""
    difference = ImageChops.difference(before, after).convert("L").point(lambda v: 255 if v else 0)
    zone = Image.open(BytesIO(mask)).convert("L").point(lambda v: 255 if v else 0)
    inside = ImageChops.multiply(difference, zone)
    outside = ImageChops.subtract(difference, zone)
    return inside.histogram()[255], outside.histogram()[255]
