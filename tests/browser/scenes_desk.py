"""The support desk, as Dana uses it for Rosa's agency: each page is come to by what stands on the
one before."""

from playwright.sync_api import expect

from tests.browser.scenes import Projects, Scene, at
from tests.browser.window import Window

AGENCY = "Jardins Rosa"
WHY = "panne de mardi"


def found(window: Window, asked: str) -> None:
    window.page.goto("/admin/")
    window.page.locator("#find").fill(asked)
    with window.page.expect_navigation():
        window.page.locator("#find").press("Enter")


def several(window: Window, projects: Projects) -> None:
    found(window, "rosa")
    expect(window.page.locator(".found").first).to_be_visible()


def picture(window: Window, projects: Projects) -> None:
    window.page.goto("/admin/projects/generation/?status__exact=SUCCEEDED")
    row = window.page.locator("#result_list tbody tr", has_text=AGENCY).first
    row.locator("th a").click()
    expect(window.page.locator(".story")).to_be_visible()


def refund(window: Window, projects: Projects) -> None:
    picture(window, projects)
    window.page.locator("a[href*='/commande/refund/']").click()
    expect(window.page.locator(".effects")).to_contain_text("→")


def agency(window: Window, projects: Projects) -> None:
    found(window, AGENCY)
    if window.page.locator(".found a").count():
        window.page.get_by_role("link", name=AGENCY).first.click()
    expect(window.page.locator(".lists")).to_be_visible()


def proposals(window: Window, projects: Projects) -> None:
    """More photos than one person may give: once, since an agency has one at a time."""
    window.page.goto("/admin/propositions")
    if not window.page.locator(".proposal", has_text=AGENCY).count():
        agency(window, projects)
        window.page.locator("a[href*='/commande/grant_photos/']").click()
        window.page.locator("#id_photos").fill("60")
        window.page.locator("#id_reason").fill(WHY)
        window.page.locator("[name=press]").click()  # shows the effect
        window.page.locator("[name=press]").click()
        window.page.goto("/admin/propositions")
    expect(window.page.locator(".proposal", has_text=AGENCY)).to_be_visible()


def looking(window: Window, projects: Projects) -> None:
    """The product as Rosa sees it, under the red bar. Gina does nothing else: her session looks."""
    found(window, "rosa@example.org")
    window.page.locator(".found a[href*='/accounts/membership/']").first.click()
    window.page.locator("a[href*='/regarder']").click()
    window.page.locator("[name=reason]").fill(WHY)
    window.page.locator(".submit-row [type=submit]").click()
    expect(window.page.locator(".looking")).to_be_visible()


SCENES_DESK: list[Scene] = [
    Scene("desk-home", "dana", at("/admin/")),
    Scene("desk-found", "dana", several),
    Scene("desk-generation", "dana", picture),
    Scene("desk-refund", "dana", refund),
    Scene("desk-agency", "dana", agency),
    Scene("desk-proposals", "dana", proposals),
    Scene("desk-health", "dana", at("/admin/sante")),
    Scene("desk-looking", "gina", looking),
]
