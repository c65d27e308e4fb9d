"""A real Chromium in front of the real processes."""

import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.window import DESKTOP, PHONE, Window
from tests.chromium import LAUNCH_ARGS, MISSING, find_chromium
from tests.conftest import photo_bytes
from tests.stack import PASSWORD, Stack

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
# Nadia and Emma are new here, Charlie has no photos, Lou no agency; Dana is support.
CAST = f"""
from accounts.models import User
from integrations.iacrea.onboarding import open_agency
for name, photos in {{"Alice": 50, "Nadia": 10, "Emma": 10, "Charlie": 0}}.items():
    open_agency(
        name=f"Jardins {{name}}", owner_email=f"{{name.lower()}}@example.org", owner_name=name,
        password={PASSWORD!r}, photos=photos, iacrea_api_key="{secrets.token_hex(4)}" + name,
    )
User.objects.create_user("lou@example.org", {PASSWORD!r}, name="Lou")
User.objects.create_superuser("dana@example.org", {PASSWORD!r}, name="Dana")
"""
Open = Callable[..., Window]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with this package: Playwright's loop would keep Django from its database."""
    chromium = find_chromium()
    if chromium is None:
        missing = MISSING.format(reason="None was found.")
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS) as running,
    ):
        yield running


@pytest.fixture(scope="package")
def sessions(stack: Stack) -> dict[str, StorageState]:
    """Cookies of those who signed in already, by name; with it the people are there."""
    stack.manage("shell", "--no-imports", "-c", CAST)
    return {}


@pytest.fixture
def open_window(
    stack: Stack, browser: Browser, sessions: dict[str, StorageState]
) -> Iterator[Open]:
    """Windows of people, by their first name. A problem in one of them fails the test."""
    windows: list[Window] = []

    def opened(who: str = "", *, language: str = "fr", **options: Any) -> Window:
        if who and who not in sessions:
            sessions[who] = signed_in(browser, stack, who)
        options = {"viewport": DESKTOP, "storage_state": sessions.get(who), **options}
        context = browser.new_context(base_url=stack.url, locale=LOCALES[language], **options)
        windows.append(Window(context))
        return windows[-1]

    yield opened
    stack.set_faults([])
    problems = [problem for window in windows for problem in window.problems]
    for window in windows:
        window.page.context.close()
    assert problems == []


@pytest.fixture
def phone(open_window: Open) -> Window:
    """Nobody has signed in on it yet."""
    return open_window(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def garden() -> dict[str, Any]:
    """A photo as a file field takes it."""
    return {"name": "jardin.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes((960, 720))}


def signed_in(browser: Browser, stack: Stack, who: str) -> StorageState:
    context = browser.new_context(base_url=stack.url, locale=LOCALES["fr"])
    window = Window(context)
    window.page.goto("/comptes/login/")
    window.sign_in(f"{who}@example.org")
    state = context.storage_state()
    context.close()
    return state
