"""The pages of what is kept, taken home and erased, in each of their states."""

from playwright.sync_api import expect

from tests.browser.scenes import REFUSAL, Projects, Scene, at, with_password
from tests.browser.window import Window

ERASE_ME, AGENCY = "/mes-donnees/supprimer", "/agence/donnees"
ASK = f"{AGENCY}/supprimer"


def mistyped(window: Window, path: str) -> None:
    window.expected.add(422)
    window.page.locator("#id_typed").fill("quelqu’un d’autre")
    window.page.locator("form:has(#id_typed) button").click()
    expect(window.page.locator(REFUSAL)).to_be_visible()


def account_refused(window: Window, projects: Projects) -> None:
    with_password(ERASE_ME)(window, projects)
    mistyped(window, ERASE_ME)


def agency_refused(window: Window, projects: Projects) -> None:
    with_password(ASK)(window, projects)
    mistyped(window, ASK)


def asked(window: Window, projects: Projects) -> None:
    """Once: the page that asks goes back to the first afterwards."""
    window.page.goto(AGENCY)
    if not window.page.locator("form[action$=rappeler]").count():
        with_password(ASK)(window, projects)
        name = window.page.locator(".typed").inner_text()
        window.page.locator("#id_typed").fill(name)
        window.page.locator("form:has(#id_typed) button").click()
    expect(window.page.locator("form[action$=rappeler]")).to_be_visible()


def keep_for(window: Window, projects: Projects) -> None:
    """Hugo has a project that is a year old (told.py): the page asks once more."""
    window.page.goto(AGENCY)
    window.page.locator("#id_months").select_option("6")
    window.page.locator("form[action$=duree] button").click()
    expect(window.page.locator("form[action$=duree] button.danger")).to_be_visible()


SCENES_PRIVACY: list[Scene] = [
    Scene("my-data", "ines", at("/mes-donnees")),
    Scene("my-data-owner", "vera", at("/mes-donnees")),
    Scene("my-data-no-agency", "lou", at("/mes-donnees")),
    Scene("delete-account", "ines", with_password(ERASE_ME)),
    Scene("delete-account-refused", "ines", account_refused),
    Scene("delete-account-only-owner", "rosa", with_password(ERASE_ME)),
    Scene("delete-account-alone", "vera", with_password(ERASE_ME)),
    Scene("agency-data", "vera", at(AGENCY)),
    Scene("agency-data-asked", "hugo", asked),
    Scene("agency-data-keep-for", "hugo", keep_for),
    Scene("agency-data-forbidden", "ines", at(AGENCY, 403)),
    Scene("erase-agency", "vera", with_password(ASK)),
    Scene("erase-agency-refused", "vera", agency_refused),
]
