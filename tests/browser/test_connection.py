"""A garden has no reception: what was drawn is not drawn again, and what was asked for is not asked
for twice."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.cast import let_end
from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.test_refusals import photos_left
from tests.browser.window import PICTURE_MS
from tests.conftest import photo_bytes
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]


def test_without_a_connection_the_zone_waits_and_is_sent_once(
    open_window: Open, stack: Stack
) -> None:
    let_end(stack, "alice")
    window = open_window("alice")
    window.may_fail = True
    page = window.page
    window.sample_project()
    before = photos_left(page)
    easel = Easel(page)
    easel.drag(ring())
    page.get_by_text("Piscine", exact=True).click()
    page.context.set_offline(True)
    window.press("Créer l’image")
    expect(page.locator("[data-offline]")).to_contain_text("Pas de connexion.")
    assert easel.kinds == "f"
    page.context.set_offline(False)
    expect(page.locator("section.running, [data-compare]").first).to_be_visible()
    assert photos_left(page) == before - 1
    expect(page.locator(".generations li")).to_have_count(2)  # the photo, and one picture


def test_without_a_connection_a_project_stays_on_the_screen(open_window: Open) -> None:
    """The browser's own page has nothing that a finger could press."""
    window = open_window("alice")
    window.may_fail = True
    page = window.page
    window.sample_project()
    Easel(page).drag(ring())
    page.get_by_text("Piscine", exact=True).click()
    window.press("Créer l’image")
    expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    terrace = page.locator(".others").get_by_role("button", name="Terrasse")
    page.context.set_offline(True)
    for leaving in (terrace, page.get_by_role("link", name="Projets").first):
        leaving.click()
        expect(page.locator("[data-offline]")).to_contain_text("Rien n’a été envoyé")
        expect(page.locator("[data-compare]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    terrace.click()
    expect(page.locator("section.running")).to_contain_text("Terrasse")


def test_an_answer_that_is_lost_is_asked_for_again(open_window: Open, stack: Stack) -> None:
    """The server took the job, and the connection ended before its answer."""
    let_end(stack, "alice")
    window = open_window("alice")
    window.may_fail = True
    page = window.page
    address = window.sample_project()
    before = photos_left(page)
    Easel(page).drag(ring())
    page.get_by_text("Terrasse", exact=True).click()
    lost = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**{address}", lose)
    window.press("Créer l’image")
    expect(page.locator("section.running, [data-compare]").first).to_be_visible()
    assert len(lost) == 1
    assert photos_left(page) == before - 1


def test_a_photo_that_cannot_be_sent_is_drawn_on_meanwhile(
    open_window: Open, stack: Stack, garden: dict[str, Any]
) -> None:
    let_end(stack, "alice")
    window = open_window("alice")
    window.may_fail = True
    page = window.page
    page.goto("/")
    before = photos_left(page)
    page.goto("/projets/nouveau")
    page.context.set_offline(True)
    page.locator("#id_photo").set_input_files(garden)
    easel = Easel(page)
    expect(page.locator("[data-progress]")).to_contain_text("Pas de connexion")
    easel.drag(ring())
    page.get_by_text("Piscine", exact=True).click()
    page.locator("#id_name").fill("Sans réseau")
    window.press("Créer l’image")
    page.wait_for_timeout(1500)
    assert easel.kinds == "f"
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Sans réseau")).to_be_visible()
    expect(page.locator("section.running, [data-compare]").first).to_be_visible()
    assert photos_left(page) == before - 1
    page.goto("/?q=sans reseau")
    expect(page.locator(".grid .card")).to_have_count(1)


def test_a_photo_that_is_refused_is_told_and_another_can_be_chosen(
    open_window: Open, garden: dict[str, Any]
) -> None:
    window = open_window("alice")
    window.expected = {422}
    page = window.page
    page.goto("/projets/nouveau")
    page.locator("#id_photo").set_input_files({**garden, "buffer": b"no picture"})
    expect(page.locator("[data-problem]")).to_contain_text("lisible")
    expect(page.locator("mask-editor")).to_have_count(0)
    page.locator("#id_photo").set_input_files(garden)
    expect(page.locator("mask-editor")).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_text("La photo est arrivée.")
    expect(page.locator("[data-problem]")).to_be_empty()


def test_another_photo_is_another_project(open_window: Open, garden: dict[str, Any]) -> None:
    """The zone goes with the photo that is seen, not with the one before."""
    window = open_window("alice")
    page = window.page
    page.goto("/projets/nouveau")
    page.locator("#id_photo").set_input_files(garden)
    expect(page.locator("[data-progress]")).to_have_text("La photo est arrivée.")
    page.locator("#id_photo").set_input_files({**garden, "buffer": photo_bytes((800, 800))})
    expect(page.locator("mask-editor")).to_have_attribute("data-width", "800")
    Easel(page).drag(ring())
    page.get_by_text("Piscine", exact=True).click()
    window.press("Créer l’image")
    expect(page.get_by_text("800 × 800 px")).to_be_visible()


def test_who_was_signed_out_meanwhile_finds_the_drawing_again(open_window: Open) -> None:
    window = open_window("alice")
    page = window.page
    address = window.sample_project()
    easel = Easel(page)
    easel.drag(ring())
    before = easel.operations
    page.get_by_text("Piscine", exact=True).click()
    page.wait_for_timeout(600)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    window.press("Créer l’image")
    expect(page.locator("#id_login")).to_be_visible()
    page.context.add_cookies(cookies)
    page.goto(address)
    assert Easel(page).operations == before
