"""How many taps it takes, counted in the page by what its fingers do."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PICTURE_MS

pytestmark = [pytest.mark.browser, pytest.mark.looks]
NARROW = {"width": 390, "height": 844}
# Over all pages of the tab. The tap that opens the system's picker is none of ours: what it costs
# to choose a photo is the system's.
COUNT = """(() => {
  const one = (what) => (sessionStorage[what] = Number(sessionStorage[what] ?? 0) + 1);
  let from = null;
  addEventListener("pointerdown", (event) => (from = event), true);
  addEventListener("pointerup", ({ target, clientX, clientY }) => {
    const way = Math.hypot(clientX - from.clientX, clientY - from.clientY);
    const path = Math.max(way, from.way ?? 0);
    one(path > 8 ? "gestures" : target.closest("[data-drop]") ? "pickers" : "taps");
  }, true);
  addEventListener("pointermove", ({ clientX, clientY }) => {
    const way = from ? Math.hypot(clientX - from.clientX, clientY - from.clientY) : 0;
    if (from) from.way = Math.max(from.way ?? 0, way);
  }, true);
})()"""


def counted(page: Page) -> dict[str, int]:
    """Since the last time that it was asked."""
    found: dict[str, str] = page.evaluate(
        "() => { const found = { ...sessionStorage }; sessionStorage.clear(); return found; }"
    )
    return {name: int(found.get(name, 0)) for name in ("taps", "gestures", "pickers")}


def test_three_taps_and_one_gesture_and_two_taps(open_window: Open, garden: dict[str, Any]) -> None:
    phone = open_window("olga", viewport=NARROW, has_touch=True, is_mobile=True)
    page = phone.page
    page.add_init_script(COUNT)
    page.goto("/")
    page.get_by_role("link", name="Nouveau projet").first.tap()
    with page.expect_file_chooser() as picker:
        page.locator("#id_photo").tap()
    picker.value.set_files(garden)
    expect(page.locator("mask-editor")).to_be_visible()
    Easel(page).finger(ring())
    page.get_by_text("Piscine", exact=True).tap()
    page.get_by_role("button", name="Créer l’image").tap()
    expect(page.locator("section.running, [data-compare]").first).to_be_visible()
    assert counted(page) == {"taps": 3, "gestures": 1, "pickers": 1}

    expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    page.goto("/")
    page.locator(".grid .card").first.tap()
    page.locator(".others").get_by_role("button", name="Terrasse").tap()
    expect(page.locator("section.running")).to_contain_text(re.compile("Terrasse"))
    assert counted(page) == {"taps": 2, "gestures": 0, "pickers": 0}
