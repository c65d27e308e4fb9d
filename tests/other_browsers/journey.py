"""The way from sign-in to a picture in Firefox and WebKit: `make test-browsers`. Its name keeps it
out of `make test`, whose machines need not have them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.cast import CAST
from tests.browser.easel import Place, ring
from tests.browser.window import PICTURE_MS
from tests.other_browsers.machines import MACHINES
from tests.other_browsers.webdriver import Page
from tests.stack import PASSWORD, ROOT, Stack

GARDEN = ROOT / "static" / "samples" / "garden.jpg"
PICTURE_S = PICTURE_MS / 1000
TEXT = "selector => document.querySelector(selector)?.textContent.trim()"
SEEN = "selector => document.querySelector(selector)?.checkVisibility()"
HAS = "(selector, text) => document.querySelector(selector)?.textContent.includes(text)"
LOADED = """selector => {
  const images = [...document.querySelectorAll(selector)];
  return images.length === 2 && images.every((image) => image.complete && image.naturalWidth > 0);
}"""
BOX = """selector => {
  const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
  return [left, top, width, height];
}"""
CENTRED = """selector => document.querySelector(selector)
  .scrollIntoView({ block: "center", behavior: "instant" })"""


@pytest.fixture(scope="module")
def people(stack: Stack) -> None:
    stack.manage("shell", "--no-imports", "-c", CAST)


@pytest.fixture(params=MACHINES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    machine = MACHINES[request.param]
    if machine.missing:
        pytest.fail(f"No {' and no '.join(machine.missing)}: see what `make test-browsers` says")
    with machine.start(tmp_path) as wire:
        wire.call("SetWindowRect", width=390, height=844)
        yield Page(wire)


def test_from_sign_in_to_a_picture(stack: Stack, people: None, page: Page) -> None:
    page.open(stack.url)
    sign_in(page)
    page.tap("a.button[href='/projets/nouveau']")
    page.type("#id_photo", str(GARDEN))
    draw_the_zone(page)
    page.type("#id_name", "Famille Martin")
    page.tap(".type:has([value=TERRACE])")
    page.see("() => document.querySelector('.type [value=TERRACE]').checked")
    page.tap(".confirm button")
    page.see(SEEN, "section.running, [data-compare]")
    page.see(LOADED, "[data-compare].on .pair img", within_s=PICTURE_S)
    compare(page)
    assert page.see(TEXT, "h1") == "Famille Martin"


def sign_in(page: Page) -> None:
    page.type("#id_login", "nadia@example.org")
    page.type("#id_password", PASSWORD)
    page.tap("form:has(#id_password) button")


def draw_the_zone(page: Page) -> None:
    page.see(SEEN, "[data-tools]")
    page.draw(places(page, "mask-editor", ring()))
    page.see(HAS, "[data-state]", "%")
    covered = page.run("() => document.querySelector('mask-editor').coverage")
    assert 0.1 < covered < 0.14, covered


def compare(page: Page) -> None:
    """A tap puts the handle there, and a drag moves it."""
    page.draw(places(page, ".pair", [(0.25, 0.5)]))
    assert page.run("() => document.querySelector('#compare-range').value") == "75"
    page.draw(places(page, ".pair", [(0.25, 0.5), (0.5, 0.5), (0.8, 0.5)]))
    assert page.run("() => document.querySelector('#compare-range').value") == "20"
    page.tap("[data-share='0']")
    page.see("() => document.querySelector('#compare-range').value === '0'")


def places(page: Page, selector: str, parts: list[Place]) -> list[Place]:
    """Parts of an element as points of the window."""
    page.run(CENTRED, selector)
    left, top, width, height = page.run(BOX, selector)
    return [(left + width * across, top + height * down) for across, down in parts]
