"""From a picture to a client's yes: two taps in the agency, then a phone that has no account, with
JavaScript and without."""

import gzip
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.links import ADDRESS, SHARE, usual_link
from tests.browser.scenes import with_job
from tests.browser.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.looks]
HAND: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
# Compressed; nobody's photos are counted.
BUDGETS = {"script": 4000, "stylesheet": 8000, "document": 8000}
SHEET = "navigator.share = (shared) => { window.shared = shared; return Promise.resolve(); };"
KEPT = "[document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]"


@pytest.fixture(scope="package")
def made() -> list[str]:
    return []


@pytest.fixture
def project(open_window: Open, made: list[str]) -> str:
    """Of Olga's, with a picture; made once."""
    if not made:
        maker = open_window("olga", java_script_enabled=False)
        made.append(with_job(maker, "Famille Roux", "TERRACE", "[data-compare]"))
    return made[0]


def test_two_taps_from_a_picture_to_the_phones_share_sheet(open_window: Open, project: str) -> None:
    phone = open_window("olga", **HAND, permissions=["clipboard-read", "clipboard-write"])
    page = phone.page
    page.add_init_script(SHEET)
    page.goto(project)
    page.locator(SHARE).tap()
    page.locator(".made-link [data-share-sheet]").tap()
    address = page.locator(ADDRESS).input_value()
    shared = page.evaluate("window.shared")
    assert shared["url"] == address and "Olga" in shared["text"]
    page.locator(".made-link [data-copy]").tap()
    expect(page.locator(".made-link [data-copy]")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == address
    phone.is_sound()


def test_a_client_says_yes_on_a_phone(open_window: Open, project: str) -> None:
    link = usual_link(open_window("olga"), project)
    phone = open_window(**HAND)
    page = phone.page
    page.goto(link)
    is_whole(page, shown=2)
    expect(page.locator("input[type=range]")).to_have_value("50")
    page.get_by_role("button", name="Avant").tap()
    expect(page.locator("[data-before]")).to_have_css("clip-path", "inset(0px 0% 0px 0px)")
    phone.is_sound()
    approve(phone)
    keeps_nothing(page)
    phone.is_sound()
    mine = page.url
    page.goto(link)
    expect(page.locator(".yes button")).to_have_count(0)
    page.goto(mine)
    page.locator(".yes button").tap()
    expect(page.get_by_role("status")).to_contain_text("retiré")
    expect(page.locator(".yes")).to_have_count(0)


def test_a_client_says_yes_without_javascript(open_window: Open, project: str) -> None:
    link = usual_link(open_window("olga"), project)
    phone = open_window(**HAND, java_script_enabled=False)
    page = phone.page
    page.goto(link)
    is_whole(page, shown=2)
    boxes = [image.bounding_box() for image in page.locator(".pair img").all()]
    assert boxes[0] and boxes[1] and boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    for caption in ("Avant", "Après", "Image produite par IA"):
        expect(page.locator(".pair").get_by_text(caption, exact=True)).to_be_visible()
    approve(phone)
    page.locator(".yes button").click()
    expect(page.get_by_role("status")).to_contain_text("retiré")


def test_the_agency_sees_a_yes_without_a_reload(open_window: Open, project: str) -> None:
    desk, client = open_window("olga"), open_window(**HAND)
    link = usual_link(desk, project)
    desk.page.goto(project)
    desk.page.evaluate("window.sameDocument = true")
    client.page.goto(link)
    approve(client)
    expect(desk.page.locator(".said .approval")).to_be_visible(timeout=60_000)
    assert desk.page.evaluate("window.sameDocument")
    client.page.locator(".yes button").tap()
    expect(client.page.locator(".yes")).to_have_count(0)


def test_it_is_light(open_window: Open, project: str) -> None:
    link = usual_link(open_window("olga"), project)
    phone = open_window(**HAND)
    seen: list[tuple[str, int]] = []

    def weigh(response: Any) -> None:
        kind = response.request.resource_type
        if kind in BUDGETS:
            seen.append((kind, len(gzip.compress(response.body()))))

    phone.page.on("response", weigh)
    phone.page.goto(link)
    phone.page.wait_for_load_state("networkidle")
    weights = {kind: sum(size for each, size in seen if each == kind) for kind in BUDGETS}
    assert {kind for kind, most in BUDGETS.items() if not 0 < weights[kind] <= most} == set(), (
        weights
    )


def test_axe_finds_nothing_once_all_is_opened(open_window: Open, project: str) -> None:
    link = usual_link(open_window("olga"), project)
    phone = open_window(**HAND)
    phone.page.goto(link)
    phone.page.locator("details").evaluate_all("all => all.forEach((each) => (each.open = true))")
    assert violations(phone.page) == []


def is_whole(page: Page, shown: int) -> None:
    expect(page.locator(".pair img")).to_have_count(shown)
    for image in page.locator(".pair img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0


def approve(window: Window) -> None:
    page = window.page
    page.locator(".act summary").first.click()
    page.locator("#an1").fill("Odile Roux")
    page.locator("form[action*='/1/approve'] button").click()
    expect(page.locator(".yes")).to_contain_text("Approuvée par Odile Roux")
    expect(page.get_by_role("status")).to_contain_text("Merci.")
    expect(page).to_have_url(re.compile(r"mine=.*#p1$"))


def keeps_nothing(page: Page) -> None:
    assert page.evaluate(KEPT) == ["", [], []]
    assert page.context.cookies() == []
