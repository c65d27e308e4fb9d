"""From a photo to an order: Bob makes a picture and shares it, the client says yes on a phone, and
Alice sees where the photo went and takes the quote along. Charlie, of another agency, sees nothing.

`SALE_PICTURES=FOLDER` keeps what each of them saw.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PHONE, PICTURE_MS, Window
from tests.stack import PASSWORD, Stack

pytestmark = pytest.mark.browser
GARDEN = "Jardin de Mme Étourneau"
CLIENT = "Claire Étourneau"
COMMENT = "Magnifique, avec une margelle claire ?"
BOB = f"""
from accounts.choices import Role
from accounts.selectors import agency_named
from accounts.services import add_member
from accounts.models import User
bob = User.objects.filter(email="bob@example.org").first()
if bob is None:
    bob = User.objects.create_user("bob@example.org", {PASSWORD!r}, name="Bob")
    add_member(agency=agency_named("Jardins Alice"), user=bob, role=Role.MEMBER)
"""


@pytest.fixture
def bob(stack: Stack, open_window: Open) -> Window:
    """A member of Alice's agency."""
    open_window("alice")  # with the first window comes the cast
    stack.manage("shell", "--no-imports", "-c", BOB)
    return open_window("bob")


Keep = Callable[[Page, str], None]


@pytest.fixture
def keep() -> Keep:
    folder, taken = os.environ.get("SALE_PICTURES"), []

    def kept(page: Page, name: str) -> None:
        taken.append(name)
        if folder:
            page.screenshot(path=Path(folder) / f"{len(taken)}-{name}.png", full_page=True)

    return kept


def test_the_client_says_yes(bob: Window, open_window: Open, keep: Keep, tmp_path: Path) -> None:
    project = picture_made_by(bob, keep)
    link = shared_by(bob, keep)
    bob.page.goto(project)
    approved_by_the_client(open_window, link, keep)
    told_to(bob)
    seen_by(open_window("alice"), project, keep, tmp_path)
    seen_not_by(open_window("charlie"), project, keep)


def picture_made_by(bob: Window, keep: Keep) -> str:
    """The address of the project."""
    page = bob.page
    bob.sample_project()
    project = bob.path.removesuffix("/zone")
    Easel(page).drag(ring())
    page.locator(".type", has=page.locator("[value=POOL]")).click()
    page.locator("form[data-send] button, .confirm button").first.click()
    expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    keep(page, "bob-picture")
    return project


def shared_by(bob: Window, keep: Keep) -> str:
    """One tap; the address that the client gets."""
    page = bob.page
    page.locator("form[action$='/partager/lien'] button").click()
    address = page.locator("input[readonly]").first
    expect(address).to_have_value(re.compile(r"/p/[\w-]{20,}$"))
    bob.is_sound()
    keep(page, "bob-shares")
    return address.input_value()


def approved_by_the_client(open_window: Open, link: str, keep: Keep) -> None:
    """On a phone, without an account."""
    client = open_window(viewport=PHONE, has_touch=True, is_mobile=True)
    page = client.page
    page.goto(link)
    keep(page, "client-looks")
    page.locator("details.act", has=page.locator("form[action*='/approve']")).locator(
        "summary"
    ).tap()
    page.locator("form[action*='/approve'] [name=name]").fill(CLIENT)
    page.locator("form[action*='/approve'] button").last.tap()
    expect(page.locator(".yes")).to_contain_text(CLIENT)
    page.locator("details.act", has=page.locator("form[action*='/comment']")).locator(
        "summary"
    ).tap()
    page.locator("form[action*='/comment'] [name=name]").fill(CLIENT)
    page.locator("form[action*='/comment'] textarea").fill(COMMENT)
    page.locator("form[action*='/comment'] button").last.tap()
    expect(page.locator(".comments")).to_contain_text("margelle claire")
    assert page.context.cookies() == []
    keep(page, "client-approved")


def told_to(bob: Window) -> None:
    """Whose page was open: it shows what the client says, and says it to who does not see."""
    expect(bob.page.locator("#said")).to_contain_text("margelle claire", timeout=PICTURE_MS)
    expect(bob.page.locator("[data-announce]")).to_contain_text("margelle claire")


def seen_by(alice: Window, project: str, keep: Keep, folder: Path) -> None:
    page = alice.page
    page.goto("/utilisation")
    expect(page.locator(f"main [href^='{project}']").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Bob")
    keep(page, "alice-usage")
    page.goto(project)
    expect(page.locator("#said")).to_contain_text(CLIENT)
    expect(page.locator("#said")).to_contain_text("margelle claire")
    keep(page, "alice-project")
    page.locator(".downloads summary").click()
    page.locator(".downloads a[href$='/devis']").click()
    keep(page, "alice-quote")
    with page.expect_download() as download:
        page.locator("main form button").last.click()
    pdf = folder / "devis.pdf"
    download.value.save_as(pdf)
    text = "".join(sheet.extract_text() for sheet in PdfReader(pdf, strict=True).pages)
    assert CLIENT in text and "margelle claire" in text


def seen_not_by(charlie: Window, project: str, keep: Keep) -> None:
    page = charlie.page
    for own in ("/", "/utilisation", "/notifications", "/marque", "/utilisation/csv"):
        answer = page.request.get(own)
        assert answer.ok and CLIENT not in answer.text() and project not in answer.text()
    charlie.expected = {404}
    for foreign in (project, f"{project}/partager", f"{project}/live", f"{project}/tout"):
        assert page.request.get(foreign).status == 404
    page.goto(project)
    keep(page, "charlie-nothing")
