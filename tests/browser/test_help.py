"""An owner connects an account at iacrea, is refused, pauses and stops; who is lost finds help."""

import re

import pytest
from playwright.sync_api import expect

from projects.legal import PAGES
from tests.browser.conftest import Open
from tests.browser.scenes_help import LEGAL
from tests.browser.window import PHONE, Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
ACCOUNT = "/compte-iacrea"
USER_ID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"


def send(window: Window, key: str, user_id: str = USER_ID) -> None:
    window.page.locator("#id_iacrea_user_id").fill(user_id)
    window.page.locator("#id_api_key").fill(key)
    window.page.locator("form.panel button").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_account_from_the_first_key_to_the_last(
    open_window: Open, stack: Stack, scripts: bool
) -> None:
    window = open_window("olga", language="en", java_script_enabled=scripts)
    page = window.page
    page.goto(ACCOUNT)
    window_is_sound(window, scripts)
    page.locator(".connections summary").click()
    page.locator("form[action$=arreter] button").click()
    expect(page.locator("[data-whose=nobodys]")).to_be_visible()
    page.locator(f"a.button[href='{ACCOUNT}/connecter']").click()
    window.expected.add(422)
    stack.set_faults([{"call": "credit", "action": "status", "code": 401}])
    send(window, "sk-of-nobody")
    expect(page.locator(".refusal a")).to_have_attribute("href", "#id_api_key")
    expect(page.locator("#id_iacrea_user_id")).to_have_value(USER_ID)
    expect(page.locator("#id_api_key")).to_have_value("")
    window_is_sound(window, scripts)
    stack.set_faults([])
    send(window, "sk-of-olga")
    expect(page.locator("[role=status]")).to_contain_text("iacrea has taken the key")
    expect(page.locator(".connections")).to_contain_text(USER_ID)
    assert "sk-of-olga" not in page.content()
    page.locator("form[action$=pause] button").click()
    expect(page.locator(".connections .chip.failed")).to_be_visible()
    window_is_sound(window, scripts)
    page.locator("form[action$=reprendre] button").click()
    expect(page.locator(".connections .chip.ready")).to_be_visible()


def window_is_sound(window: Window, scripts: bool) -> None:
    if scripts:
        window.is_sound()


def test_help_and_state_and_the_pages_of_the_law(open_window: Open) -> None:
    for language in ("fr", "en"):
        window = open_window("olga", language=language)
        window.page.goto("/")
        for page in ("aide", "etat", *PAGES):
            window.page.locator(f".foot a[href='/{page}']").click()
            expect(window.page).to_have_url(re.compile(f"/{page}$"))
            window.is_sound()
            window.page.goto("/")


def test_each_page_of_the_law_is_a_scene() -> None:
    assert LEGAL == PAGES


def test_a_stranger_on_a_phone_changes_the_language_of_a_legal_page(open_window: Open) -> None:
    window = open_window(viewport=PHONE)
    window.page.goto("/confidentialite")
    window.page.get_by_role("link", name="EN", exact=True).click()
    expect(window.page.locator("h1")).to_have_text("Privacy")
    assert window.page.context.cookies() == []


def test_an_error_has_a_reference_and_a_way_home(open_window: Open) -> None:
    window = open_window("ines")
    window.expected.add(403)
    answer = window.page.goto(ACCOUNT)
    assert answer
    reference = window.page.locator("[data-reference]").inner_text()
    assert reference == answer.headers["x-request-id"]
    window.page.locator("main .button").click()
    expect(window.page.locator("h1")).not_to_have_text(re.compile("pas le droit"))
    window.is_sound()


def test_the_zone_page_leads_to_the_keys(open_window: Open) -> None:
    window = open_window("olga")
    window.sample_project()
    window.page.locator("#zone").focus()
    window.page.locator("#zone-keys a").click()
    expect(window.page.locator("#keys")).to_be_visible()
