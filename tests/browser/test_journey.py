"""From a photo to two pictures, as a landscaper does it: on a phone, on a desk, without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PICTURE_MS, Window
from tests.stack import Stack

pytestmark = pytest.mark.browser
# Parts of the photo, from the left and from the top.
CORNERS = [(0.3, 0.6), (0.7, 0.6), (0.8, 0.9), (0.2, 0.9)]


def at(box: Locator, left: float, top: float) -> dict[str, float]:
    size = box.bounding_box()
    assert size
    return {"x": size["width"] * left, "y": size["height"] * top}


def upload(page: Page, garden: dict[str, Any], title: str) -> None:
    """The photo travels while the zone is drawn."""
    page.locator("#id_photo").set_input_files(garden)
    expect(page.locator("mask-editor")).to_be_visible()
    page.locator("#id_name").fill(title)


def is_picture(page: Page) -> None:
    """Both pictures of the comparison are really there, and the handle moves between them."""
    expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    for image in page.locator(".pair img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0


def test_two_pictures_on_a_phone_in_french(
    stack: Stack, phone: Window, garden: dict[str, Any]
) -> None:
    stack.set_faults([{"call": "job", "action": "slow", "seconds": 2}])  # long enough to be seen
    page = phone.page
    page.goto("/")
    phone.is_sound()
    phone.sign_in("nadia@example.org")
    expect(page.get_by_role("heading", name="Votre première image")).to_be_visible()
    phone.is_sound()
    page.get_by_role("link", name="Nouveau projet").tap()
    expect(page.locator("#id_photo")).to_be_attached()
    phone.is_sound()
    upload(page, garden, "Famille Martin")
    draw(phone)
    ask_for_a_pool(phone)
    slide(page)
    vary(phone)
    page.locator(".back a").tap()
    expect(page.get_by_role("link", name="Famille Martin")).to_contain_text("2 images")
    phone.is_sound()


def draw(phone: Window) -> None:
    page, easel = phone.page, Easel(phone.page)
    phone.is_sound()
    expect(page.locator("[data-state]")).to_have_text("Aucune zone pour l’instant.")
    easel.finger(ring())
    expect(page.locator("[data-state]")).to_have_text(re.compile(r"Zone\s: \d+\s% de la photo\."))
    phone.is_sound()


def ask_for_a_pool(phone: Window) -> None:
    page = phone.page
    page.get_by_text("Piscine", exact=True).tap()
    expect(page.locator("#price")).to_contain_text("Utilise 1 photo · il en restera 9")
    page.get_by_role("button", name="Créer l’image").tap()
    expect(page.locator("section.running")).to_contain_text("Piscine")
    expect(page.locator(".steps [aria-current=step]")).to_be_visible()
    phone.is_sound()
    page.evaluate("window.sameDocument = true")
    is_picture(page)
    assert page.evaluate("window.sameDocument"), "the picture appears without a reload"
    expect(page).to_have_title("✓ Image prête · Famille Martin · Parterre")
    expect(page.locator("#photos-left")).to_have_text("9 photos restantes")
    phone.is_sound()


def slide(page: Page) -> None:
    pair, handle = page.locator(".pair"), page.locator("#compare-range")
    expect(handle).to_have_value("50")
    pair.tap(position=at(pair, 0.25, 0.5), force=True)  # the handle's own field lies over it
    expect(handle).to_have_value("75")
    expect(page.locator("[data-before]")).to_have_css("clip-path", "inset(0px 75% 0px 0px)")
    page.get_by_role("button", name="Avant").tap()
    expect(handle).to_have_value("0")
    handle.press("End")
    expect(handle).to_have_attribute("aria-valuetext", re.compile(r"100\s% après"))


def vary(phone: Window) -> None:
    page = phone.page
    page.locator(".others").get_by_role("button", name="Terrasse").tap()
    expect(page.locator("section.running")).to_contain_text("Terrasse")
    expect(page.get_by_role("heading", name="Terrasse n° 2")).to_be_visible(timeout=PICTURE_MS)
    is_picture(page)
    expect(page.locator(".generations .current")).to_contain_text("même zone que le n° 1")


def test_a_picture_at_a_desk_in_english(open_window: Open, garden: dict[str, Any]) -> None:
    window = open_window()
    page = window.page
    page.goto("/")
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    window.press("EN")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    window.sign_in("emma@example.org")
    page.get_by_role("link", name="New project").click()
    upload(page, garden, "Smith family")
    easel = Easel(page)
    easel.choose("quad")
    easel.click(*CORNERS)
    expect(page.locator("[data-state]")).to_contain_text("% of the photo.")
    window.is_sound()
    page.get_by_text("Terrace", exact=True).click()
    window.press("Make the picture")
    is_picture(page)
    expect(page.locator(".chip.ready")).to_have_text("Ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the picture").click()
    assert download.value.suggested_filename == "smith-family-terrace-1.jpg"
    window.press("FR")
    expect(page.locator(".chip.ready")).to_have_text("Prête")


def test_a_picture_without_javascript(open_window: Open, garden: dict[str, Any]) -> None:
    window = open_window(java_script_enabled=False)
    page = window.page
    page.goto("/projets/nouveau")
    window.sign_in("alice@example.org")
    page.locator("#id_photo").set_input_files(garden)
    page.locator("#id_title").fill("Sans script")
    page.locator("form:has(#id_photo) button").click()
    page.locator(".corners summary").click()
    page.get_by_label("Coin 1, depuis la gauche, en pourcentage").fill("25")
    page.get_by_label("Terrain de pétanque").check()
    window.press("Créer l’image")
    expect(page.get_by_role("heading", name="Sans script")).to_be_visible()
    expect(page.locator(".pair img")).to_have_count(2, timeout=PICTURE_MS)
    expect(page.locator(".chip.ready")).to_have_text("Prête")
