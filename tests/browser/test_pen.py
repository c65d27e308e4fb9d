"""The way to a picture with a pen, as a tablet sends it."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PICTURE_MS
from tests.stack import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.looks]
TABLET = {"width": 820, "height": 1180}
KEEP_KINDS = (
    "addEventListener('pointerdown', (e) => sessionStorage.setItem(e.pointerType, ''), true)"
)


class Stylus:
    def __init__(self, page: Page) -> None:
        self._protocol = page.context.new_cdp_session(page)

    def tap(self, wanted: Locator) -> None:
        wanted.scroll_into_view_if_needed()
        box = wanted.bounding_box()
        assert box
        self.draw([(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)])

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        self._send("mouseMoved", points[0], button="none")
        self._send("mousePressed", points[0])
        for point in points[1:]:
            self._send("mouseMoved", point)
        self._send("mouseReleased", points[-1])

    def _send(self, kind: str, at: tuple[float, float], **fields: str) -> None:
        event = {"type": kind, "x": at[0], "y": at[1], "button": "left", "pointerType": "pen"}
        self._protocol.send("Input.dispatchMouseEvent", {**event, "clickCount": 1, **fields})


def test_from_sign_in_to_a_picture_with_a_pen(open_window: Open, garden: dict[str, Any]) -> None:
    window = open_window(viewport=TABLET)
    page = window.page
    page.add_init_script(KEEP_KINDS)
    stylus = Stylus(page)
    page.goto("/projets/nouveau")
    page.locator("#id_login").fill("alice@example.org")
    page.locator("#id_password").fill(PASSWORD)
    stylus.tap(page.get_by_role("button", name="Se connecter"))
    page.locator("#id_photo").set_input_files(garden)
    easel = Easel(page)
    stylus.draw([easel.at(place) for place in ring()])
    assert easel.kinds == "f"
    easel.is_exact()
    stylus.tap(page.get_by_text("Piscine", exact=True))
    stylus.tap(page.get_by_role("button", name="Créer l’image"))
    expect(page.locator("[data-compare].on")).to_be_visible(timeout=PICTURE_MS)
    stylus.tap(page.get_by_role("button", name="Avant"))
    expect(page.locator("#compare-range")).to_have_value("0")
    assert page.evaluate("Object.keys(sessionStorage)") == ["pen"]
