"""A little web server on loopback: it serves photo and mask, and hears webhooks."""

import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, ClassVar

from PIL import Image, ImageDraw, ImageOps

SIZE = (160, 120)  # the engine is quickest there
ZONE = [(40, 108), (53, 72), (106, 72), (120, 108)]


class GardenServer:
    def __init__(self, port: int = 0) -> None:
        self.files = garden()
        self.fetched: list[str] = []
        self.heads: list[tuple[str, str, str]] = []  # method, path and type of what was posted
        self.hold = threading.Event()  # cleared: `/held.jpg` does not come
        self.hold.set()
        self._calls: dict[str, queue.Queue[dict[str, Any]]] = {}
        handler = type("GardenHandler", (_Handler,), {"garden": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def calls(self, path: str) -> "queue.Queue[dict[str, Any]]":
        """What was posted to a path, in order."""
        return self._calls.setdefault(path, queue.Queue())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An emulator that was killed while it fetched is what a test wanted."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    garden: ClassVar[GardenServer]

    def do_GET(self) -> None:
        self.garden.fetched.append(self.path)
        if self.path == "/held.jpg":
            self.garden.hold.wait(20)
        content = self.garden.files.get(self.path)
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def do_POST(self) -> None:
        """Under `/busy/` it is heard and refused."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.garden.heads.append((self.command, self.path, self.headers["Content-Type"]))
        self.garden.calls(self.path).put(json.loads(body))
        self.send_response(503 if self.path.startswith("/busy/") else 204)
        self.end_headers()

    do_PUT = do_POST  # http.server's name

    def log_message(self, format: str, *args: Any) -> None:
        """A test run is quiet."""


def garden() -> dict[str, bytes]:
    return {
        "/photo.jpg": photo(),
        "/held.jpg": photo(),
        "/mask.png": mask(ZONE),
        "/other-mask.png": mask([(10, 115), (30, 75), (75, 75), (80, 115)]),
        "/inverted-mask.png": inverted(SIZE),
        "/small-inverted-mask.png": inverted((80, 60)),
        "/small-mask.png": encoded(Image.new("L", (80, 60), 255)),
        "/empty-mask.png": mask([]),
        "/page.html": b"<!doctype html><p>no picture",
    }


def photo() -> bytes:
    image = Image.new("RGB", SIZE, (150, 190, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 48, *SIZE), fill=(90, 130, 60))
    draw.rectangle((0, 30, 50, 48), fill=(200, 190, 170))
    return encoded(image, "JPEG")


def mask(corners: list[tuple[int, int]]) -> bytes:
    image = Image.new("L", SIZE, 0)
    if corners:
        ImageDraw.Draw(image).polygon(corners, fill=255)
    return encoded(image)


def inverted(size: tuple[int, int]) -> bytes:
    """The zone in black."""
    return encoded(ImageOps.invert(Image.open(BytesIO(mask(ZONE))).resize(size)))


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()
