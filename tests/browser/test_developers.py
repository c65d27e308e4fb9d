"""Keys, the first call as the page prints it, and a test message: with and without scripts."""

import json
import os
import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.window import Window
from tests.servers import Reply, Server
from tests.stack import PASSWORD, Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.looks]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def make_key(window: Window, name: str) -> str:
    page = window.page
    page.goto("/developpeurs")
    page.locator("a.button[href$=nouvelle]").click()
    page.locator("#id_name").fill(name)
    page.locator("form.panel button").click()
    return page.locator(".copy input").input_value()


def run(command: str, key: str) -> Any:
    """As a terminal runs what is pasted into it, with the key where the page says."""
    environment = {"PATH": os.environ["PATH"], "KEY": key}
    done = subprocess.run(
        ["bash"], input=command, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@SCRIPTS
def test_the_example_works_as_it_is_printed(open_window: Open, scripts: bool) -> None:
    window = open_window("ines", java_script_enabled=scripts)
    key = make_key(window, f"site {scripts}")
    expect(window.page.locator("[data-copy]")).to_be_visible(visible=scripts)
    window.page.goto("/developpeurs")
    example = window.page.locator("#example").inner_text()
    assert f"# export KEY={key[:15]}…" in example and len(example.splitlines()) == 3
    answer = run(example, key)
    assert answer["available"] >= 0
    assert run(example, key[:-1] + "!")["code"] == "unauthenticated"


def test_a_reload_makes_no_second_key(open_window: Open) -> None:
    window = open_window("ines", language="en")
    key = make_key(window, "once only")
    window.is_sound()
    window.expected.add(409)
    window.page.reload()
    expect(window.page.locator("h1")).to_have_text("This key was shown already")
    assert key not in window.page.content()
    window.page.goto("/developpeurs/cles")
    expect(window.page.locator("h2", has_text="once only")).to_have_count(1)
    window.page.go_back()
    assert key not in window.page.content()


def test_the_copy_button_copies(open_window: Open) -> None:
    window = open_window("ines", permissions=["clipboard-read", "clipboard-write"])
    key = make_key(window, "copied")
    window.page.locator("[data-copy]").click()
    expect(window.page.locator("[data-copy]")).to_have_text("Copié")
    assert window.page.evaluate("navigator.clipboard.readText()") == key


def test_revoking_asks_for_the_password(open_window: Open, stack: Stack) -> None:
    window = open_window("olga", language="en", anew=True)
    key = make_key(window, "leaked")
    page = window.page
    page.goto("/developpeurs/cles")
    page.locator("li", has_text=key[:15]).locator("a[href$=revoquer]").click()
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_password) button").click()
    page.locator("button.danger").click()
    expect(page.locator("[role=status]")).to_contain_text("The key is revoked")
    expect(page.locator("li", has_text=key[:15]).locator(".chip.failed")).to_have_text("Revoked")
    page.goto("/developpeurs")
    assert run(page.locator("#example").inner_text(), key)["code"] == "unauthenticated"


@SCRIPTS
def test_a_test_message_and_its_answer(open_window: Open, stack: Stack, scripts: bool) -> None:
    window = open_window("olga", language="en", java_script_enabled=scripts)
    page = window.page
    with Server(lambda _request: Reply(202, b"<script>alert(1)</script>")) as server:
        page.goto("/developpeurs/webhooks/nouveau")
        page.locator("#id_url").fill(f"{server.origin}/hook")
        page.locator("form.panel button").click()
        expect(page.locator(".copy input")).to_have_value(re.compile("^whsec_"))
        page.locator("p.below a").click()
        page.locator("form[action$=essai] button").click()
        wait_until(lambda: is_answered(window), 60, stack.logs)
    expect(page.locator("dl")).to_contain_text("HTTP 202")
    expect(page.locator("#body")).to_contain_text('"type": "test.ping"')
    assert server.requests[0].headers["webhook-signature"].split(",")[1] not in page.content()
    window.is_sound()
    page.locator(".back a").click()
    page.locator("form[action$=renvoyer] button").click()
    expect(page.locator("[role=status]")).to_contain_text("Nothing failed since then")
    window.is_sound()


def is_answered(window: Window) -> bool:
    """By its own link, as somebody waits who has no script."""
    again = window.page.get_by_role("link", name="Look again")
    if again.count():
        again.click()
    return not again.count()


def test_where_nothing_may_be_sent_is_said(open_window: Open) -> None:
    window = open_window("olga", language="en")
    window.expected.add(422)
    window.page.goto("/developpeurs/webhooks/nouveau")
    window.page.locator("#id_url").fill("https://192.168.1.20/hook")
    window.page.locator("form.panel button").click()
    expect(window.page.locator(".refusal a")).to_have_attribute("href", "#id_url")
    expect(window.page.locator(".refusal")).to_contain_text("not on the public internet")
    expect(window.page.locator("#id_url")).to_have_value("https://192.168.1.20/hook")
    window.is_sound()
