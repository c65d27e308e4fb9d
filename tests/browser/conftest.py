"""A real Chromium in front of the real processes."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.cast import CAST, LOCALES, signed_in
from tests.browser.window import DESKTOP, PHONE, Window
from tests.chromium import LAUNCH_ARGS, MISSING, find_chromium
from tests.conftest import photo_bytes
from tests.stack import Stack

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


@pytest.fixture(scope="session")
def sessions(processes: Stack) -> dict[str, StorageState]:
    """Cookies of those who signed in already, by name; with it the people are there."""
    processes.manage("shell", "--no-imports", "-c", CAST)
    return {}


@pytest.fixture
def open_window(
    stack: Stack, browser: Browser, sessions: dict[str, StorageState]
) -> Iterator[Open]:
    """Windows of people, by their first name. A problem in one of them fails the test. `anew` is
    for who is to be asked for a password again: another test may have typed it a moment ago."""
    windows: list[Window] = []

    def opened(
        who: str = "", *, language: str = "fr", anew: bool = False, **options: Any
    ) -> Window:
        if who and (anew or who not in sessions):
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
