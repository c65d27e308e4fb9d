"""An owner invites somebody, who joins by the mail's link; then their role, limit and end."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.window import Window
from tests.stack import PASSWORD, Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.looks]
LINK = re.compile(r"/invitations/[\w-]{43}")


def invite(window: Window, email: str, role: str = "viewer") -> None:
    window.page.goto("/equipe")
    window.page.locator("#id_emails").fill(email)
    window.page.locator("#id_role").select_option(role)
    window.page.locator("form[action$=inviter] button").click()
    expect(window.page.locator(".pending")).to_contain_text(email)


def link_for(stack: Stack, email: str) -> str:
    """In the newest mail to this address, which the worker sends."""
    found: list[str] = []

    def arrived() -> bool:
        mails = sorted(Path(stack.var, "mail").glob("*"), key=lambda path: path.stat().st_mtime)
        texts = [path.read_text() for path in mails]
        found[:] = [each for text in texts if f"To: {email}" in text for each in LINK.findall(text)]
        return bool(found)

    wait_until(arrived, 30, lambda: f"no mail to {email} in {stack.var}")
    return found[-1]


def test_from_an_invitation_to_the_end(open_window: Open, stack: Stack) -> None:
    olga, dora = open_window("olga", language="en"), open_window(language="en")
    invite(olga, "dora@example.org")
    olga.is_sound()
    link = link_for(stack, "dora@example.org")
    dora.page.goto(link)
    dora.is_sound()
    dora.page.locator("#id_name").fill("Dora")
    dora.page.locator("#id_password").fill(PASSWORD)
    dora.page.locator("main form button").click()
    expect(dora.page.locator("[role=status]").first).to_contain_text("Welcome to Jardins Olga.")
    expect(dora.page.locator("main a[href$=nouveau]")).to_have_count(0)
    changed_by(olga)
    dora.page.reload()
    expect(dora.page.locator("main a[href$=nouveau]").first).to_be_visible()
    olga.page.locator("tr", has_text="dora@").locator("summary").last.click()
    olga.page.locator("tr", has_text="dora@").locator("form[action$=retirer] button").click()
    expect(olga.page.locator("tbody").first).not_to_contain_text("dora@")
    dora.expected.add(403)
    dora.page.reload()
    expect(dora.page.locator("h1")).to_have_text("You are not in an agency yet")
    dora.expected.add(410)
    dora.page.goto(link)
    expect(dora.page.locator("h1")).to_have_text("This invitation was accepted")


def changed_by(olga: Window) -> None:
    olga.page.goto("/equipe")
    row = olga.page.locator("tr", has_text="dora@")
    row.locator("summary").last.click()
    row.locator("select").select_option("member")
    row.locator("form[action$=role] button").click()
    expect(row).to_contain_text("Member")
    row.locator("summary").last.click()
    row.locator("input[name=photos]").fill("3")
    row.locator("form[action$=limite] button").click()
    expect(row).to_contain_text("0 / 3")


def test_without_scripts_too(open_window: Open) -> None:
    window = open_window("olga", java_script_enabled=False, language="en")
    invite(window, "emil@example.org")
    window.expected |= {422, 409}
    window.page.locator("#id_emails").fill("emil@example.org\nnobody")
    window.page.locator("form[action$=inviter] button").click()
    expect(window.page.locator(".refusal li")).to_have_count(2)
    expect(window.page.locator("#id_emails")).to_have_value("emil@example.org\nnobody")
    window.page.locator(".pending button").last.click()
    expect(window.page.locator(".pending")).to_have_count(0)
