"""What a field lacks is said in the page's language, whatever the browser's own is."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Open
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.looks]
SAID = {
    "fr": ["Remplissez ce champ.", "Saisissez une adresse e-mail, par exemple nom@exemple.fr."],
    "en": ["Fill in this field.", "Type an e-mail address, such as name@example.com."],
}
TYPE = {
    "fr": "Choisissez l’aménagement : terrasse, piscine ou terrain de pétanque.",
    "en": "Choose what to build: terrace, pool or pétanque court.",
}


def said_of(field: Locator) -> str:
    """In the browser's bubble."""
    words: str = field.evaluate("field => field.validationMessage")
    return words


def send(window: Window) -> None:
    window.page.locator("main form button:not([type=button])").last.click()


@pytest.mark.parametrize("language", SAID)
def test_a_field_that_is_empty_or_no_address(open_window: Open, language: str) -> None:
    window = open_window(language=language)
    window.page.goto("/comptes/password/reset/")
    field, (missing, no_address) = window.page.locator("#id_email"), SAID[language]
    send(window)
    assert said_of(field) == missing
    field.fill("rosa")
    assert said_of(field) != missing, "gone as soon as something is typed"
    send(window)
    assert said_of(field) == no_address
    field.fill("nobody@example.org")
    send(window)
    expect(field).to_have_count(0)


@pytest.mark.parametrize("language", TYPE)
def test_a_type_that_was_not_chosen(open_window: Open, language: str) -> None:
    window = open_window("alice", language=language)
    window.sample_project()
    window.page.locator("[data-act=shape]").click()
    window.page.locator(".confirm button").click()
    assert said_of(window.page.locator("[value=TERRACE]")) == TYPE[language]
    window.page.locator(".type [value=POOL]").check()
    window.page.locator(".confirm button").click()
    expect(window.page.locator(".generations")).to_be_visible()


def test_a_corner_outside_of_the_photo(open_window: Open) -> None:
    """Its table may be folded up again, where the browser would say nothing and send nothing."""
    window = open_window("alice", language="en")
    window.sample_project()
    table = window.page.locator(".corners summary")
    table.click()
    corner = window.page.locator("[name=left]").first
    corner.fill("101")
    table.click()
    expect(corner).to_be_hidden()
    window.page.locator(".type [value=POOL]").check()
    window.page.locator(".confirm button").click()
    expect(corner).to_be_focused()
    assert said_of(corner) == "Type a number from 0 to 100."


def test_corners_typed_while_their_script_is_on_its_way(open_window: Open) -> None:
    """The slower the connection, the more is typed before it is there."""
    window = open_window("alice", language="en")
    window.sample_project()
    held: list[Route] = []
    window.page.route("**/corner_table*.js", lambda route: held.append(route))
    window.page.locator(".corners summary").click()
    for row, (left, top) in enumerate([(30, 70), (70, 70), (50, 95)]):
        window.page.locator("[name=left]").nth(row).fill(str(left))
        window.page.locator("[name=top]").nth(row).fill(str(top))
    window.page.locator("[name=left]").nth(3).fill("101")
    held[0].continue_()
    expect(window.page.locator("[data-state]")).to_contain_text("5%")
    assert window.page.locator("[name=left]").first.input_value() == "30"
    assert window.page.locator("[name=left]").nth(3).input_value() == "101"
