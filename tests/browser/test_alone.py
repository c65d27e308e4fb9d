"""An agency runs itself, without a ticket to support: Alma signs up from nothing, confirms her
address, invites Bruno, connects an iacrea account, limits Bruno, makes a key, receives a verified
message, asks two-step sign-in of everybody and removes Bruno. Charlie, of another agency, sees
nothing of it.

`ALONE_PICTURES=FOLDER` keeps what they saw.
"""

import email
import os
import re
from collections.abc import Callable, Iterator
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks.webhooks import Webhook

from tests.browser.cast import LOCALES
from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.localhost import at_localhost
from tests.browser.test_accounts import plug_in
from tests.browser.window import PICTURE_MS, Window
from tests.servers import Reply, Server
from tests.stack import PASSWORD, Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.looks]
AGENCY = "Jardins d’Alma"
ALMA, BRUNO = "alma@example.org", "bruno@example.org"
HAND = {"width": 390, "height": 844}
Keep = Callable[[Page, str], None]
At = Callable[[], Window]


@pytest.fixture
def keep() -> Keep:
    folder, taken = os.environ.get("ALONE_PICTURES"), []

    def kept(page: Page, name: str) -> None:
        taken.append(name)
        if folder:
            path = Path(folder) / f"{len(taken):02}-{name}.png"
            page.screenshot(path=path, full_page=True)

    return kept


@pytest.fixture
def phone(browser: Browser, stack: Stack) -> Iterator[At]:
    """At an address where browsers have passkeys."""
    windows: list[Window] = []
    with at_localhost(stack) as url:

        def opened() -> Window:
            context = browser.new_context(base_url=url, locale=LOCALES["fr"], viewport=HAND)
            windows.append(Window(context))
            return windows[-1]

        yield opened
        problems = [problem for window in windows for problem in window.problems]
        for window in windows:
            window.page.context.close()
    assert problems == []


def test_an_agency_runs_itself(phone: At, stack: Stack, open_window: Open, keep: Keep) -> None:
    alma, bruno = phone(), phone()
    signed_up(alma, keep)
    confirmed(alma, stack, keep)
    invited(alma, keep)
    joined(bruno, stack, keep)
    connected(alma, keep)
    limited(alma, bruno, keep)
    key, told = key_made(alma, keep), message_received(alma, stack, keep)
    two_steps_asked(alma, bruno, keep)
    removed(alma, bruno, keep)
    seen_not_by(open_window("charlie"), alma, [AGENCY, ALMA, BRUNO, key[:15], told], keep)


def signed_up(alma: Window, keep: Keep) -> None:
    """And her first picture, before her address is confirmed."""
    page = alma.page
    page.goto("/comptes/signup/")
    page.locator("#id_email").fill(ALMA)
    page.locator("#id_agency_name").fill(AGENCY)
    page.locator("#id_password").fill(PASSWORD)
    keep(page, "sign-up")
    page.locator("form:has(#id_password) button").click()
    page.locator("form[action$=exemple] button").click()
    Easel(page).drag(ring())
    page.locator(".type", has=page.locator("[value=TERRACE]")).click()
    page.locator(".confirm button").click()
    expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    keep(page, "first-picture")


def link_in_mail(stack: Stack, to: str, path: str) -> str:
    """Of the newest mail to this address, which the worker sends."""
    found: list[str] = []

    def arrived() -> bool:
        mails = [email.message_from_bytes(each.read_bytes(), policy=default)
                 for each in Path(stack.var, "mail").glob("*")]  # fmt: skip
        bodies = [each.get_body(("plain",)) for each in mails if each["to"] == to]
        texts = [body.get_content() for body in bodies if body]
        found[:] = [link for text in texts for link in re.findall(rf"{path}[\w:.~-]+", text)]
        return bool(found)

    wait_until(arrived, 60, stack.logs)
    return found[-1]


def confirmed(alma: Window, stack: Stack, keep: Keep) -> None:
    page = alma.page
    page.goto(link_in_mail(stack, ALMA, "/comptes/confirmer/"))
    keep(page, "confirm")
    page.locator("main form button").last.click()
    expect(page.locator(".confirm-address")).to_have_count(0)


def invited(alma: Window, keep: Keep) -> None:
    page = alma.page
    page.goto("/equipe")
    page.locator("#id_emails").fill(BRUNO)
    page.locator("#id_role").select_option("member")
    page.locator("form[action$=inviter] button").click()
    expect(page.locator(".pending")).to_contain_text(BRUNO)
    keep(page, "invited")


def joined(bruno: Window, stack: Stack, keep: Keep) -> None:
    page = bruno.page
    page.goto(link_in_mail(stack, BRUNO, "/invitations/"))
    page.locator("#id_name").fill("Bruno")
    page.locator("#id_password").fill(PASSWORD)
    keep(page, "invitation")
    page.locator("main form button").click()
    expect(page.locator("[role=status]").first).to_contain_text(AGENCY)
    keep(page, "joined")


def connected(alma: Window, keep: Keep) -> None:
    """From the built-in engine to an account of her own at (the stand-in for) iacrea."""
    page = alma.page
    page.goto("/compte-iacrea")
    expect(page.locator("[data-whose=embedded]")).to_be_visible()
    page.goto("/compte-iacrea/connecter")
    page.locator("#id_iacrea_user_id").fill(str(uuid4()))
    page.locator("#id_api_key").fill(f"key-of-alma-{uuid4()}")
    keep(page, "connect")
    page.locator("form.panel button").first.click()
    expect(page.locator("[data-there]")).to_be_visible()
    assert "key-of-alma" not in page.content()
    keep(page, "connected")


def limited(alma: Window, bruno: Window, keep: Keep) -> None:
    page = alma.page
    page.goto("/equipe")
    row = page.locator("tr", has_text=BRUNO)
    row.locator("summary").last.click()
    row.locator("input[name=photos]").fill("5")
    row.locator("form[action$=limite] button").click()
    expect(row).to_contain_text("0 / 5")
    keep(page, "limited")


def key_made(alma: Window, keep: Keep) -> str:
    page = alma.page
    page.goto("/developpeurs/cles/nouvelle")
    page.locator("#id_name").fill("boutique")
    page.locator("form.panel button").click()
    key = page.locator(".copy input").input_value()
    keep(page, "key")
    return key


def message_received(alma: Window, stack: Stack, keep: Keep) -> str:
    """The official library verifies it with the secret that was shown once. The endpoint."""
    page = alma.page
    with Server(lambda _request: Reply(204)) as server:
        page.goto("/developpeurs/webhooks/nouveau")
        page.locator("#id_url").fill(f"{server.origin}/alma")
        page.locator("form.panel button").click()
        secret = page.locator(".copy input").input_value()
        page.locator("p.below a").click()
        page.locator("form[action$=essai] button").click()
        wait_until(lambda: bool(server.requests), 60, stack.logs)
        request = server.requests[0]
        event = Webhook(secret).verify(request.body, request.headers)
    assert event["type"] == "test.ping"
    keep(page, "message")
    return f"{server.origin}/alma"


def two_steps_asked(alma: Window, bruno: Window, keep: Keep) -> None:
    page = alma.page
    plug_in(alma)
    page.goto("/comptes/2fa/webauthn/add/")
    if (field := page.locator("#id_password")).count():
        field.fill(PASSWORD)
        page.locator("form:has(#id_password) button").click()
    page.locator("#id_name").fill("Téléphone")
    alma.press("Créer la clé d’accès")
    expect(page.locator("#recovery_codes")).to_be_visible()
    page.goto("/securite")
    page.locator("main form button[value='1']").click()
    expect(page.locator("main")).to_contain_text("Bruno")
    keep(page, "two-steps")
    bruno.page.goto("/")
    expect(bruno.page.locator(".second-factor")).to_be_visible()
    keep(bruno.page, "two-steps-asked")


def removed(alma: Window, bruno: Window, keep: Keep) -> None:
    page = alma.page
    page.goto("/equipe")
    row = page.locator("tr", has_text=BRUNO)
    row.locator("summary").last.click()
    row.locator("form[action$=retirer] button").click()
    expect(page.locator("tbody").first).not_to_contain_text(BRUNO)
    bruno.expected.add(403)
    bruno.page.goto("/")
    expect(bruno.page.locator("main")).not_to_contain_text(AGENCY)
    keep(bruno.page, "removed")


def seen_not_by(charlie: Window, alma: Window, words: list[str], keep: Keep) -> None:
    page = charlie.page
    for own in ("/", "/equipe", "/developpeurs", "/developpeurs/cles", "/developpeurs/webhooks",
                "/developpeurs/livraisons", "/compte-iacrea", "/securite", "/utilisation",
                "/notifications", "/agence/donnees", "/mes-donnees", "/etat"):  # fmt: skip
        answer = page.request.get(own)
        assert answer.ok and not [word for word in words if word in answer.text()], own
    page.goto("/equipe")
    keep(page, "charlie")
    alma.page.goto("/developpeurs/webhooks")
    foreign = alma.page.locator("main h2 a").first.get_attribute("href")
    assert foreign and page.request.get(foreign).status == 404
