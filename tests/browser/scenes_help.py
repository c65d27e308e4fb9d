"""Scenes of the account at iacrea, the help, the state of the service and the legal pages."""

from playwright.sync_api import expect

from tests.browser.scenes import Projects, Scene, at
from tests.browser.window import Window

ACCOUNT = "/compte-iacrea"
# Written out: `make screens` runs outside of Django. test_help.py compares them with the product's.
LEGAL = ("mentions-legales", "conditions", "confidentialite", "sous-traitants", "accessibilite")


def account_paused(window: Window, projects: Projects) -> None:
    """Once: it stays so."""
    window.page.goto(ACCOUNT)
    if (button := window.page.locator("form[action$=pause] button")).count():
        button.click()
    expect(window.page.locator("form[action$=reprendre]")).to_be_visible()


def account_opened(window: Window, projects: Projects) -> None:
    window.page.goto(ACCOUNT)
    window.page.locator(".connections summary").click()
    expect(window.page.locator("form[action$=arreter] button")).to_be_visible()


def key_refused(window: Window, projects: Projects) -> None:
    """Of what iacrea was not even asked."""
    window.expected.add(422)
    window.page.goto(ACCOUNT)
    window.page.locator(".connections a[href$=cle]").first.click()
    window.page.locator("#id_iacrea_user_id").fill("mon-identifiant")
    window.page.locator("#id_api_key").fill("une clé avec des espaces")
    window.page.locator("form.panel button").click()
    expect(window.page.locator(".refusal[role=alert]")).to_be_visible()


SCENES_HELP: list[Scene] = [
    Scene("iacrea-account", "rosa", at(ACCOUNT)),
    Scene("iacrea-account-opened", "olga", account_opened),
    Scene("iacrea-account-paused", "vera", account_paused),
    Scene("iacrea-connect", "rosa", at(f"{ACCOUNT}/connecter")),
    Scene("iacrea-key-refused", "rosa", key_refused),
    Scene("iacrea-account-forbidden", "ines", at(ACCOUNT, 403)),
    Scene("help", "rosa", at("/aide")),
    Scene("help-stranger", "", at("/aide")),
    Scene("state", "rosa", at("/etat")),
    *(Scene(page, "", at(f"/{page}")) for page in LEGAL),
]
