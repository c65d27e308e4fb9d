"""The API reference as a developer reads it, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from projects.reference.topics import TOPICS
from tests.browser.conftest import Open
from tests.browser.window import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.looks]
ROOT = "/developers/docs/"
PAGES = ["", "errors", "webhooks", *(topic.slug for topic in TOPICS)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_fits_without_javascript(open_window: Open, language: str) -> None:
    window = open_window(language=language, java_script_enabled=False)
    for page in PAGES:
        window.page.goto(ROOT + page)
        expect(window.page.locator("html")).to_have_attribute("lang", language)
        window.is_sound()


def test_a_reader_finds_a_call_and_its_code(open_window: Open) -> None:
    window = open_window(language="en", viewport=PHONE)
    page = window.page
    page.goto(ROOT)
    page.get_by_role("link", name="Generations", exact=True).click()
    page.get_by_role("link", name="POST Ask for a picture", exact=True).click()
    call = page.locator("#createGeneration")
    expect(call).to_be_in_viewport()
    expect(call.get_by_text("curl http")).to_be_visible()
    call.get_by_text("Python", exact=True).click()
    expect(call.get_by_text("import requests")).to_be_visible()
    expect(call.get_by_text("curl http")).to_be_hidden()
    call.get_by_text("Errors of this call").click()
    expect(call.get_by_text("no_photos_left")).to_be_visible()


def test_the_reference_is_in_the_language_that_is_chosen(open_window: Open) -> None:
    window = open_window(language="en")
    window.page.goto(f"{ROOT}iacrea")
    window.press("FR")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Appels d’iacrea")
