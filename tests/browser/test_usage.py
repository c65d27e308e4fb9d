"""The owner looks where the photos went: without scripts, on a phone, and read by axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.scenes import with_job
from tests.browser.window import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.looks]
MADE = "[data-compare]"


def test_where_the_photos_went_without_javascript(open_window: Open) -> None:
    window = open_window("paul", java_script_enabled=False)
    page = window.page
    with_job(window, "Famille Lopez", "POOL", MADE)
    page.goto("/utilisation")
    expect(page.locator("[data-available]")).to_have_text("29")
    rows = page.locator(".ledger tbody tr")
    expect(rows).to_have_count(3)
    page.locator("#id_kind").select_option("capture")
    page.locator(".narrow-by button").click()
    expect(rows).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger pour Excel (CSV)").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert download.value.path().read_bytes().count(b"\r\n") == 2
    rows.get_by_role("link", name="Famille Lopez").click()
    expect(page.locator(MADE)).to_be_visible()


def test_more_photos_are_asked_for_on_a_phone(open_window: Open) -> None:
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    window = open_window("nadia", language="en", **phone)
    page = window.page
    page.goto("/utilisation")
    window.is_sound()
    assert violations(page) == []
    page.get_by_role("link", name="Ask for photos").click()
    page.locator("#id_photos").fill("40")
    page.get_by_role("button", name="Ask for photos").click()
    expect(page.locator("main .panel")).to_contain_text("40 photos")
    window.is_sound()
    assert violations(page) == []
    page.goto("/utilisation")
    expect(page.locator(".few.asked")).to_contain_text("asked for 40 photos")
