"""The team's pages in each of their states. Rosa's team is herself and Ines."""

from playwright.sync_api import expect

from tests.browser.scenes import Projects, Scene, at
from tests.browser.window import Window

INVITED = "claire@example.org"


def invited(window: Window, projects: Projects) -> None:
    """Once: an address that is invited already is told so."""
    window.page.goto("/equipe")
    if not window.page.locator(".pending", has_text=INVITED).count():
        window.page.locator("#id_emails").fill(INVITED)
        window.page.locator("form[action$=inviter] button").click()
        window.page.goto("/equipe")
    expect(window.page.locator(".pending")).to_contain_text(INVITED)


def opened(window: Window, projects: Projects) -> None:
    """With all that is folded up: forms, ids and who may do what."""
    invited(window, projects)
    folded = "details => details.forEach((one) => (one.open = true))"
    window.page.locator("main details").evaluate_all(folded)
    expect(window.page.locator(".matrix")).to_be_visible()


def refused(window: Window, projects: Projects) -> None:
    invited(window, projects)
    window.expected.add(422)
    window.page.locator("#id_emails").fill(f"{INVITED}\nsans arobase\nines@example.org")
    window.page.locator("form[action$=inviter] button").click()
    expect(window.page.locator(".refusal li")).to_have_count(3)


def last_owner(window: Window, projects: Projects) -> None:
    window.page.goto("/equipe")
    window.expected.add(409)
    window.page.locator("tbody .more summary").first.click()
    window.page.locator("form[action$=retirer] button").first.click()
    expect(window.page.locator(".refusal")).to_be_visible()


SCENES_TEAM: list[Scene] = [
    Scene("team", "rosa", at("/equipe")),
    Scene("team-invited", "rosa", invited),
    Scene("team-opened", "rosa", opened),
    Scene("team-refused", "rosa", refused),
    Scene("team-last-owner", "rosa", last_owner),
    Scene("team-not-allowed", "ines", at("/equipe", 403)),
    Scene("invitation-unknown", "", at("/invitations/x", 404)),
]
