"""The way to a picture with the keyboard alone: all is reached by Tab, in the page's order."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.window import PICTURE_MS
from tests.stack import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.looks]
STEPS = 40


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => element.matches(':focus-visible')")
            return
    raise AssertionError(f"not reached by Tab: {wanted}")


def press_often(page: Page, key: str, count: int) -> None:
    for _ in range(count):
        page.keyboard.press(key)


def test_a_picture_by_keyboard_alone(open_window: Open) -> None:
    page = open_window(language="en").page
    page.goto("/comptes/login/")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type("alice@example.org")
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Skip to the content"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="New project"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Try with a sample garden"))
    page.keyboard.press("Enter")
    expect(page.locator("mask-editor")).to_be_visible()
    draw(page)
    tab_to(page, page.locator("input[value=TERRACE]"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[value=POOL]")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Make the picture"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-compare].on")).to_be_visible(timeout=PICTURE_MS)
    tab_to(page, page.get_by_role("slider"))
    page.keyboard.press("End")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "100% after")


def draw(page: Page) -> None:
    """The cross begins in the middle, three quarters down; Shift moves it by a twentieth."""
    tab_to(page, page.locator("mask-editor"))
    expect(page.locator("[data-keys]")).to_be_visible()
    page.keyboard.press("Space")
    press_often(page, "Shift+ArrowRight", 8)
    page.keyboard.press("Space")
    press_often(page, "Shift+ArrowDown", 3)
    page.keyboard.press("Space")
    expect(page.locator("[data-position]")).to_have_text("90 %, 90 %")
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_text(re.compile("Zone: [23]% of the photo"))
