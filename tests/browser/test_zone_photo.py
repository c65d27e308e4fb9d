"""The photo of a zone page: no larger than the screen needs, until somebody looks closer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel
from tests.conftest import photo_bytes

pytestmark = [pytest.mark.browser, pytest.mark.looks]
PHOTO: Any = {"name": "12mp.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes((4000, 3000))}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
SHOWN = "image => image.currentSrc"
SIZE = "image => [image.offsetWidth, image.offsetHeight]"
IS_SHOWN = "src => document.querySelector('mask-editor img').currentSrc.endsWith(src)"
MOVED = """(() => {
  window.moved = 0;
  const add = (shift) => shift.hadRecentInput || (moved += shift.value);
  new PerformanceObserver((list) => list.getEntries().forEach(add))
    .observe({ type: "layout-shift", buffered: true });
})()"""
LATER_MS = 700  # than a tap that leads here: what moves soon after one does not count


def test_it_comes_as_large_as_it_is_seen(open_window: Open) -> None:
    window = open_window("olga", has_touch=True, is_mobile=True, **PHONE)
    page = window.page
    page.goto("/projets/nouveau")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.locator("#id_photo").set_input_files(PHOTO)
    page.goto(answer.value.json()["zone"])
    photo = page.locator("mask-editor img")
    expect(photo).to_have_js_property("complete", True)
    assert re.search(r"/828", photo.evaluate(SHOWN)), "the window has 780 pixels"
    size = photo.evaluate(SIZE)
    easel = Easel(page)
    for _ in range(4):
        easel.press("closer")
    full = photo.get_attribute("src")
    page.wait_for_function(IS_SHOWN, arg=full)
    for _ in range(4):
        easel.press("farther")
    assert photo.evaluate(SIZE) == size, "another file is no other photo"


def test_nothing_moves_while_it_comes(open_window: Open) -> None:
    window = open_window("olga", has_touch=True, is_mobile=True, **PHONE)
    page, zone = window.page, window.sample_project()
    page.add_init_script(MOVED)
    for late in ("**/files/uploads/**", "**/js/zone_page.*"):
        page.route(late, after(LATER_MS))
        page.goto(zone)
        expect(page.locator("[data-tools]").first).to_be_visible()
        expect(page.locator("mask-editor img")).to_have_js_property("complete", True)
        page.wait_for_timeout(200)  # it is told of a frame later
        assert page.evaluate("moved") < 0.02, late


def after(milliseconds: int) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.request.frame.page.wait_for_timeout(milliseconds)
        route.continue_()

    return answer
