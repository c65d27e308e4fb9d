"""Links that Rosa makes for her clients, and what a client says on one, all without JavaScript."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.window import Window

SHARE = "form[action$='/partager/lien'] button"
ADDRESS = ".made-link input"


@dataclass(frozen=True)
class Links:
    """`fresh` is of a project with two pictures, `answered` of one on which its client has said
    yes and has been answered; `coded` asks for `code`; `approved` is for whoever says yes."""

    fresh: str
    coded: str
    code: str
    revoked: str
    answered: str
    approved: str


def make_links(rosa: Window, ready: str, changed: str) -> Links:
    fresh = usual_link(rosa, ready)
    answered = usual_link(rosa, changed)
    say(rosa, answered)
    answer(rosa, changed)
    revoked, _code = chosen_link(rosa, ready)
    rosa.page.locator(".link form button").first.click()
    approved, _code = chosen_link(rosa, ready)
    return Links(fresh, *chosen_link(rosa, ready, with_code=True), revoked, answered, approved)


def usual_link(window: Window, project: str) -> str:
    """Its path, with one tap on the project's page."""
    window.page.goto(project)
    window.page.locator(SHARE).click()
    return made(window)


def chosen_link(window: Window, project: str, *, with_code: bool = False) -> tuple[str, str]:
    """Its path and its code."""
    page = window.page
    page.goto(f"{project}/partager")
    if not page.locator("#new-link[open]").count():
        page.locator("#new-link summary").click()
    page.locator("[name=code]").set_checked(with_code)
    page.locator("#new-link form button").click()
    address = made(window)
    code = page.locator(".made-link .digits").inner_text() if with_code else ""
    return address, code


def made(window: Window) -> str:
    """The path of the link that has just been made."""
    field = window.page.locator(ADDRESS)
    expect(field).to_be_visible()
    return "/p/" + field.input_value().rpartition("/p/")[2]


def say(window: Window, link: str, name: str = "Odile Martin") -> None:
    """As a client: yes, unless somebody has said so, and a question."""
    page = window.page
    page.goto(link)
    approve(window, name)
    page.locator(".act summary").first.click()
    page.locator("#cn1").fill(name)
    page.locator("#ct1").fill("Très beau. Peut-on l’élargir d’un mètre vers le muret ?")
    page.locator("form[action*='/1/comment'] button").click()
    expect(page.locator(".comments").first).to_contain_text(name)


def approve(window: Window, name: str) -> None:
    page = window.page
    if not page.locator("#an1").count():
        return
    page.locator(".act summary").first.click()
    page.locator("#an1").fill(name)
    page.locator("form[action*='/1/approve'] button").click()
    expect(page.locator(".yes").first).to_contain_text(name)


def answer(window: Window, project: str) -> None:
    page = window.page
    page.goto(project)
    page.locator(".said summary").click()
    page.locator("[name=answer]").fill("Oui, sans toucher au muret. Je vous envoie le devis.")
    page.locator("form[action$=repondre] button").click()
    expect(page.locator(".answer")).to_be_visible()
