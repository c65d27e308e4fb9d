"""An owner sets the agency's branding and sees the share page in it, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.branded import brand, logo
from tests.browser.conftest import Open
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.looks]
COLOUR = "e => getComputedStyle(e).backgroundColor"


def looks_like_it(window: Window) -> None:
    """The preview has the logo and the readable colour: #ffcc00 is none on a light page."""
    preview = window.page.frame_locator(".preview iframe")
    image = preview.locator(".top img")
    expect(image).to_be_visible()
    assert image.evaluate("e => e.complete && e.naturalWidth") == 600
    assert preview.locator(".act summary").first.evaluate(COLOUR) == "rgb(135, 107, 0)"
    expect(preview.locator(".foot")).to_contain_text("04 66 12 34 56")
    expect(preview.locator("form")).to_have_count(0)


def test_branding_is_seen_in_the_preview(open_window: Open) -> None:
    window = open_window("olga", language="en")
    brand(window)
    expect(window.page.locator(".shades")).to_contain_text("darkened to #876b00")
    looks_like_it(window)
    window.is_sound()
    window.page.locator("[form=remove-logo]").click()
    expect(window.page.locator(".logo")).to_have_count(0)
    expect(window.page.locator("[role=status]")).to_contain_text("The logo is removed.")


def test_without_scripts_too(open_window: Open) -> None:
    window = open_window("olga", java_script_enabled=False)
    brand(window)
    looks_like_it(window)
    expect(window.page.locator("[type=color]")).to_be_hidden()


def test_the_picker_and_the_field_follow_each_other(open_window: Open) -> None:
    page = open_window("olga").page
    page.goto("/marque")
    page.locator("#id_accent").fill("#aa2244")
    expect(page.locator("[type=color]")).to_have_value("#aa2244")
    page.locator("[type=color]").fill("#114477")
    expect(page.locator("#id_accent")).to_have_value("#114477")


def test_a_logo_that_is_refused_leaves_the_old_one(open_window: Open) -> None:
    window = open_window("olga")
    brand(window)
    old = window.page.locator(".logo img").get_attribute("src")
    window.expected.add(422)
    window.page.locator("#id_logo").set_input_files({**logo(), "buffer": b"%PDF-1.4"})
    window.page.locator("form:has(#id_logo) .actions button").click()
    expect(window.page.locator(".refusal a")).to_have_attribute("href", "#id_logo")
    assert window.page.locator(".logo img").get_attribute("src") == old
