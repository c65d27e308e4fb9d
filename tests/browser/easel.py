"""The editor of a zone page, and hands that draw on it. Places are parts of the photo."""

import base64
import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.raster import edges, raster

Place = tuple[float, float]
# No hand is back sooner, and a tap that is takes Chromium for the rest of the gesture.
HAND_MS = 700
EXPORT = """async (editor) => {
  const bytes = new Uint8Array(await (await editor.toPng()).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""


class Easel:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.editor = page.locator("mask-editor")
        expect(page.locator("[data-tools]").first).to_be_visible()
        self.editor.scroll_into_view_if_needed()
        self._touches = page.context.new_cdp_session(page)

    @property
    def operations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.editor.evaluate("editor => editor.operations.list")
        return found

    @property
    def kinds(self) -> str:
        return "".join(operation["t"] for operation in self.operations)

    @property
    def size(self) -> tuple[int, int]:
        found: dict[str, int] = self.editor.evaluate("editor => editor.size")
        return found["width"], found["height"]

    def choose(self, tool: str) -> None:
        self.page.locator(f"[data-tool={tool}]").click()

    def press(self, act: str) -> None:
        self.page.locator(f"[data-act={act}]").click()

    def at(self, place: Place) -> tuple[float, float]:
        """In CSS pixels of the window, of a photo that may be zoomed and moved."""
        width, height = self.size
        inside: list[float] = self.editor.evaluate(
            "(editor, point) => editor.view.toBox(point)", [place[0] * width, place[1] * height]
        )
        box = self.editor.bounding_box()
        assert box
        return box["x"] + inside[0], box["y"] + inside[1]

    def click(self, *places: Place) -> None:
        for place in places:
            self.page.mouse.click(*self.at(place))

    def drag(self, places: Sequence[Place], button: Any = "left") -> None:
        points = [self.at(place) for place in places]
        self.page.mouse.move(*points[0])
        self.page.mouse.down(button=button)
        for point in points[1:]:
            self.page.mouse.move(*point)
        self.page.mouse.up(button=button)

    def touch(self, kind: str, *points: tuple[float, float], pen: bool = False) -> None:
        """`kind` is Start, Move, End or Cancel; a finger for each point that is still down."""
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._touches.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches}
        )

    def finger(self, places: Sequence[Place]) -> None:
        points = [self.at(place) for place in places]
        self.touch("Start", points[0])
        for point in points[1:]:
            self.touch("Move", point)
        self.touch("End")
        self.page.wait_for_timeout(HAND_MS)

    def pen(self, places: Sequence[Place]) -> None:
        """Chromium's protocol has no pen: its events, as a browser sends them."""
        points = [list(self.at(place)) for place in places]
        self.editor.evaluate(PEN, points)

    def png(self) -> bytes:
        return base64.b64decode(self.editor.evaluate(EXPORT))

    def is_exact(self, *, least: float = 0.999) -> None:
        """The file that would be sent: 8-bit grey, of the photo's size, black and white only, and
        nowhere further than a pixel from what the operations mean. Of a small shape the edge is a
        larger share: `least` of what both cover is covered by each."""
        image = Image.open(io.BytesIO(self.png()))
        assert (image.mode, image.size) == ("L", self.size)
        seen = np.asarray(image)
        assert set(np.unique(seen)) <= {0, 255}
        meant = raster(self.operations, *self.size)
        differing = (seen > 0) != meant
        both = ((seen > 0) & meant).sum() / max(((seen > 0) | meant).sum(), 1)
        assert both >= least, both
        assert not differing.any() or edges(self.operations, meant.shape)[differing].max() <= 1


PEN = """(editor, points) => {
  const send = (type, [clientX, clientY], buttons) => editor.dispatchEvent(new PointerEvent(type, {
    bubbles: true, cancelable: true, pointerId: 77, pointerType: "pen", isPrimary: true,
    clientX, clientY, buttons, button: type === "pointermove" ? -1 : 0,
  }));
  const capture = editor.setPointerCapture;
  editor.setPointerCapture = () => {}; // of a pointer that is made up there is none
  send("pointerdown", points[0], 1);
  points.slice(1).forEach((point) => send("pointermove", point, 1));
  send("pointerup", points.at(-1), 0);
  editor.setPointerCapture = capture;
}"""


def ring(x: float = 0.5, y: float = 0.7, across: float = 0.25, down: float = 0.15) -> list[Place]:
    """A round, wavy way about a place, not quite closed."""
    turns = np.linspace(0, 1.95 * np.pi, 40)
    waves = 1 + 0.1 * np.sin(5 * turns)
    return [
        (float(x + across * w * np.cos(t)), float(y + down * w * np.sin(t)))
        for t, w in zip(turns, waves, strict=True)
    ]


def as_json(operations: list[dict[str, Any]]) -> str:
    return json.dumps(operations, separators=(",", ":"))
