"""People read what is kept of them, take it home and leave; an owner asks for the agency's end."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.scenes_privacy import AGENCY, ASK, ERASE_ME
from tests.browser.window import Window
from tests.stack import PASSWORD, Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
GOING = f"""
from accounts.choices import Role
from accounts.models import Agency, User
from accounts.services import add_member
user = User.objects.create_user("gabriel@example.org", {PASSWORD!r}, name="Gabriel")
add_member(agency=Agency.objects.get(name="Jardins Rosa"), user=user, role=Role.MEMBER)
"""


def downloaded(window: Window, path: str, into: Path) -> Path:
    """Past the password, which is asked for first."""
    window.page.goto(path)
    file = window.page.locator("a.button[href$=fichier], a.button[href$=archive]")
    file.click()
    window.page.locator("#id_password").fill(PASSWORD)
    window.page.locator("form:has(#id_password) button").click()
    expect(window.page).to_have_url(re.compile(f"{path}$"))
    with window.page.expect_download() as given:
        file.click()
    given.value.save_as(into)
    return into


def sure(window: Window, path: str) -> None:
    """The page asks for the password first, unless it was typed a moment ago."""
    window.page.goto(path)
    if (field := window.page.locator("#id_password")).count():
        field.fill(PASSWORD)
        window.page.locator("form:has(#id_password) button").click()
    expect(window.page.locator("#id_typed")).to_be_visible()


def confirm(window: Window, typed: str) -> None:
    window.page.locator("#id_typed").fill(typed)
    window.page.locator("form:has(#id_typed) button").click()


def test_one_takes_ones_data_home(open_window: Open, tmp_path: Path) -> None:
    window = open_window("ines", anew=True)
    window.page.goto("/mes-donnees")
    expect(window.page.locator(".kept")).to_contain_text("ines@example.org")
    window.is_sound()
    data = json.loads(downloaded(window, "/mes-donnees", tmp_path / "ines.json").read_text())
    assert data["memberships"][0]["agency_name"] == "Jardins Rosa" and data["sessions"]


def test_an_owner_takes_the_agency_home(open_window: Open, tmp_path: Path) -> None:
    window = open_window("olga", anew=True)
    window.sample_project()
    archive = ZipFile(downloaded(window, AGENCY, tmp_path / "olga.zip"))
    assert archive.testzip() is None
    assert len([name for name in archive.namelist() if name.startswith("photos/")]) >= 1
    window.is_sound()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_owner_asks_for_the_end_and_calls_it_back(open_window: Open, scripts: bool) -> None:
    window = open_window("olga", java_script_enabled=scripts)
    sure(window, ASK)
    if scripts:
        window.is_sound()
    window.expected.add(422)
    confirm(window, "Jardins")
    expect(window.page.locator(".refusal a")).to_have_attribute("href", "#id_typed")
    confirm(window, "jardins olga")
    back = window.page.locator("form[action$=rappeler] button")
    expect(back).to_be_visible()
    back.click()
    expect(back).to_have_count(0)
    expect(window.page.locator("[role=status]")).to_be_visible()


def test_one_leaves_for_good(open_window: Open, stack: Stack) -> None:
    window = open_window(language="en")  # with it the people are there
    stack.manage("shell", "--no-imports", "-c", GOING)
    page = window.page
    page.goto("/comptes/login/")
    window.sign_in("gabriel@example.org")
    sure(window, ERASE_ME)
    window.is_sound()
    confirm(window, "gabriel@example.org")
    expect(page.locator("#id_login")).to_be_visible()
    expect(page.locator("[role=status]")).to_contain_text("Your account is deleted")
    page.locator("#id_login").fill("gabriel@example.org")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_password) button").click()
    expect(page.locator(".refusal[role=alert]:not([hidden])")).to_be_visible()
