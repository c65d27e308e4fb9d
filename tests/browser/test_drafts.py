"""A zone begun on a phone in the garden goes on at the desk, and the other way round."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PHONE, Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
DRAFT = "**/brouillon"
HERE, OTHER = "[data-draft-of=here]", "[data-draft-of=other]"

# Once the device keeps a zone.
KEPT = """() => new Promise((done) => {
  const look = () => (localStorage.length ? done() : setTimeout(look, 50));
  look();
})"""


def draw_and_keep(page: Page, x: float, y: float = 0.7) -> Easel:
    """A ring, which the server has when this returns."""
    easel = Easel(page)
    with page.expect_response(DRAFT) as answer:
        easel.drag(ring(x, y, 0.1, 0.1))
    assert answer.value.status == 200
    return easel


def desk_and_phone(open_window: Open) -> tuple[Window, Window, str]:
    """Two devices of one person, and the zone page of a project."""
    desk = open_window("alice")
    address = desk.sample_project()
    return desk, open_window("alice", viewport=PHONE, has_touch=True, is_mobile=True), address


def test_a_zone_begun_here_goes_on_there(open_window: Open, stack: Stack) -> None:
    desk, phone, address = desk_and_phone(open_window)
    drawn = draw_and_keep(desk.page, 0.3).operations
    phone.page.goto("/")
    expect(phone.page.locator(f"[href='{address}']")).to_contain_text(
        re.compile("zone begun|zone commencée")
    )
    phone.page.goto(address)
    easel = Easel(phone.page)
    assert easel.operations == drawn
    expect(phone.page.locator("[data-state]")).to_contain_text("de la photo")
    expect(phone.page.locator("[data-draft-of]:visible")).to_have_count(0)
    with phone.page.expect_response(DRAFT):
        easel.finger(ring(0.7, 0.7, 0.1, 0.1))
    desk.page.reload()
    assert Easel(desk.page).operations == easel.operations
    expect(desk.page.locator(HERE)).to_be_visible()
    desk.is_sound()


def test_the_older_one_is_back_in_one_tap(open_window: Open) -> None:
    """And the newer one in another."""
    desk, phone, address = desk_and_phone(open_window)
    hers = draw_and_keep(desk.page, 0.3).operations
    desk.page.goto("/")
    phone.page.goto(address)
    newer = draw_and_keep(phone.page, 0.7).operations
    desk.page.goto(address)
    easel = Easel(desk.page)
    assert easel.operations == newer
    with desk.page.expect_response(DRAFT) as answer:
        desk.page.locator(HERE).click()
    assert easel.operations == hers
    assert json.loads(answer.value.request.post_data or "")["operations"] == hers
    desk.page.locator(OTHER).click()
    assert easel.operations == newer


def test_what_was_drawn_without_a_connection_is_the_newest(open_window: Open) -> None:
    desk, phone, address = desk_and_phone(open_window)
    phone.may_fail = True
    phone.page.goto(address)
    easel = Easel(phone.page)
    phone.page.context.set_offline(True)
    draw_and_keep(desk.page, 0.3)
    easel.drag(ring(0.7, 0.7, 0.1, 0.1))
    hers = easel.operations
    phone.page.evaluate(KEPT)
    # It was closed in the garden: an open page sends by itself, one that is being left does too.
    context = phone.page.context
    phone.page.close()
    context.set_offline(False)
    later = Window(context)
    with later.page.expect_response(DRAFT) as answer:
        later.page.goto(address)
    assert answer.value.status == 200, "it is sent as soon as there is a connection"
    assert Easel(later.page).operations == hers
    expect(later.page.locator(OTHER)).to_be_visible()
    assert later.problems == []


def test_a_draft_that_fails_is_tried_again_and_nothing_is_said(open_window: Open) -> None:
    window = open_window("alice")
    window.expected = {503}
    window.sample_project()
    page = window.page
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.route(DRAFT, lambda route: route.fulfill(status=503), times=2)
    asked: list[int] = []
    page.on("response", lambda answer: DRAFT[3:] in answer.url and asked.append(answer.status))
    Easel(page).drag(ring())
    seconds = 0
    while len(asked) < 3 and seconds < 1000:
        page.clock.run_for(1000)
        page.wait_for_timeout(50)  # of this machine's time: the answers are real
        seconds += 1
    assert seconds > 10
    page.clock.run_for(30_000)
    assert asked == [503, 503, 200], "every five seconds, and once it is kept no more"
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)


def test_two_tabs_lose_nothing_of_each_other(open_window: Open) -> None:
    window = open_window("alice")
    address = window.sample_project()
    first = Easel(window.page)
    tab = window.page.context.new_page()
    tab.goto(address)
    second = draw_and_keep(tab, 0.3)
    expect(window.page.locator(HERE)).to_be_visible()
    assert first.operations == []
    window.page.locator(HERE).click()
    assert first.operations == second.operations


def test_what_was_asked_for_is_a_draft_nowhere(open_window: Open, stack: Stack) -> None:
    desk, phone, address = desk_and_phone(open_window)
    draw_and_keep(desk.page, 0.3)
    phone.page.goto(address)
    with phone.page.expect_response(DRAFT):
        Easel(phone.page).finger(ring(0.7, 0.7, 0.1, 0.1))
    phone.page.get_by_text("Piscine", exact=True).tap()
    phone.press("Créer l’image")
    expect(phone.page.locator("section.running, [data-compare]").first).to_be_visible()
    project = address.split("/")[2]
    assert stack.read(f"Project.objects.get(pk={project!r}).draft_saved_at") == "None"
    desk.page.goto(address)
    expect(desk.page.locator("[data-state]")).to_have_text(re.compile("Aucune zone"))
    assert Easel(desk.page).operations == []
