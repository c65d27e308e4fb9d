"""Who gets in, who does not, and what every page without a picture looks like."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.looks]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FOR_ALL = [
    "/comptes/login/",
    "/comptes/password/reset/",
    "/comptes/password/reset/done/",
    "/comptes/password/reset/key/0-unknown/",
    "/comptes/signup/",
]
FOR_MEMBERS = [
    "/",
    "/projets/nouveau",
    "/comptes/logout/",
    "/comptes/password/change/",
    "/comptes/2fa/",
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_fits_and_is_whole(open_window: Open, language: str) -> None:
    for who, paths in {"": FOR_ALL, "alice": FOR_MEMBERS}.items():
        window = open_window(who, language=language)
        for path in paths:
            window.page.goto(path)
            expect(window.page.locator("html")).to_have_attribute("lang", language)
            window.is_sound()


def test_the_page_of_a_broken_server_fits(open_window: Open) -> None:
    window = open_window()
    body = (TEMPLATES / "500.html").read_text()
    window.page.route("**/broken", lambda route: route.fulfill(body=body, content_type="text/html"))
    window.page.goto("/broken")
    expect(window.page.get_by_role("link", name="Aux projets")).to_be_visible()
    window.is_sound()


def test_signing_out_closes_the_door(open_window: Open) -> None:
    window = open_window()
    window.page.goto("/")
    window.sign_in("alice@example.org")
    window.press("Se déconnecter")
    window.page.goto("/projets/nouveau")
    expect(window.page).to_have_url("/comptes/login/?next=/projets/nouveau")


def test_a_wrong_password_is_told_and_the_address_kept(open_window: Open) -> None:
    window = open_window()
    page = window.page
    page.goto("/comptes/login/")
    page.locator("#id_login").fill("personne@example.org")
    page.locator("#id_password").fill("not the password")
    window.press("Se connecter")
    expect(page.get_by_role("alert")).to_contain_text("incorrects")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#id_login")).to_have_value("personne@example.org")


def test_another_agencys_project_is_no_page(open_window: Open) -> None:
    zone = open_window("alice").sample_project()
    window = open_window("emma")
    window.expected = {404}
    for address in (zone, zone.removesuffix("/zone")):
        window.page.goto(address)
        heading = window.page.get_by_role("heading", name="Cette page n’existe pas")
        expect(heading).to_be_visible()
        window.is_sound()


def test_a_user_without_an_agency_reads_whom_to_ask(open_window: Open) -> None:
    window = open_window()
    window.expected = {403}
    window.page.goto("/comptes/login/")
    window.sign_in("lou@example.org")
    expect(window.page.get_by_role("heading", name="pas encore dans une agence")).to_be_visible()
    window.is_sound()


def test_support_reads_every_list_and_a_generation(open_window: Open) -> None:
    made = open_window("alice")
    made.sample_project()
    made.press("Toute faite")
    made.page.get_by_text("Piscine", exact=True).click()
    made.press("Créer l’image")
    expect(made.page.locator(".generations li")).to_have_count(2)

    window = open_window()
    page = window.page
    page.goto("/admin/")
    window.sign_in("dana@example.org")
    lists = page.locator("#content-main th a").evaluate_all("links => links.map(a => a.href)")
    assert len(lists) > 10
    for address in lists:
        assert "changelist" in page.request.get(address).text(), address
    page.get_by_role("link", name="Générations").click()
    hers = page.locator("#result_list tbody tr", has_text="Jardins Alice")
    hers.first.locator("th a").click()
    expect(page.locator("#generation_form")).to_contain_text("Jardins Alice")


def test_a_breach_of_the_content_policy_would_be_seen(open_window: Open) -> None:
    """The listener of all these tests listens."""
    window = open_window()
    window.page.goto("/comptes/login/")
    with window.page.expect_console_message(lambda message: message.text.startswith("policy: ")):
        window.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert [problem for problem in window.problems if "Content Security Policy" in problem]
    assert "console: policy: style-src-attr inline" in window.problems
    window.problems.clear()


def test_a_request_to_another_host_would_be_seen(open_window: Open) -> None:
    window = open_window(bypass_csp=True)
    window.may_fail = True
    window.page.goto("/comptes/login/")
    window.page.evaluate("fetch('http://localhost:9/').catch(() => {})")
    assert window.problems == ["another host: http://localhost:9/"]
    window.problems.clear()
