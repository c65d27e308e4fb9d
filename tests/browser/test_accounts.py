"""Passkeys in a real browser with an authenticator of its own, and what an account's pages show."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.axe import violations
from tests.browser.cast import LOCALES
from tests.browser.conftest import Open
from tests.browser.localhost import at_localhost
from tests.browser.window import DESKTOP, PHONE, PICTURE_MS, Window
from tests.stack import PASSWORD, Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
FORGET = """
from allauth.mfa.models import Authenticator
Authenticator.objects.all().delete()
"""
WORDS = {
    "fr": ("Se connecter avec une clé d’accès", "Créer la clé d’accès", "Codes de secours"),
    "en": ("Sign in with a passkey", "Make the passkey", "Recovery codes"),
}
At = Callable[..., Window]


@pytest.fixture(scope="module")
def localhost(stack: Stack) -> Iterator[str]:
    """Afterwards a password is enough again for everybody: other tests sign in with it."""
    try:
        with at_localhost(stack) as url:
            yield url
    finally:
        stack.manage("shell", "--no-imports", "-c", FORGET)


@pytest.fixture
def window_at(browser: Browser, localhost: str, sessions: dict[str, StorageState]) -> Iterator[At]:
    windows: list[Window] = []

    def opened(language: str, **options: Any) -> Window:
        options = {"locale": LOCALES[language], "viewport": DESKTOP, **options}
        context = browser.new_context(base_url=localhost, **options)
        windows.append(Window(context))
        return windows[-1]

    yield opened
    problems = [problem for window in windows for problem in window.problems]
    for window in windows:
        window.page.context.close()
    assert problems == []


def plug_in(window: Window, **options: bool) -> str:
    session = window.page.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    sent = {"options": {**AUTHENTICATOR, **options}}
    return str(session.send("WebAuthn.addVirtualAuthenticator", sent)["authenticatorId"])


def sign_in(window: Window, who: str) -> None:
    window.page.goto("/comptes/login/")
    window.sign_in(f"{who}@example.org")


def typed_again(window: Window) -> None:
    if (field := window.page.locator("#id_password")).count():
        field.fill(PASSWORD)
        window.page.locator("form:has(#id_password) button").click()
        expect(field).to_have_count(0)


def made(window: Window, name: str, words: str) -> None:
    window.page.goto("/comptes/2fa/webauthn/add/")
    typed_again(window)
    window.page.locator("#id_name").fill(name)
    window.is_sound()
    window.press(words)


@pytest.mark.parametrize(("language", "who"), [("fr", "nadia"), ("en", "emma")])
def test_a_passkey_is_made_named_used_and_removed(window_at: At, language: str, who: str) -> None:
    window, (use, make, codes) = window_at(language), WORDS[language]
    page = window.page
    plug_in(window)
    sign_in(window, who)
    made(window, "Téléphone", make)
    expect(page.get_by_role("heading", level=1)).to_contain_text(codes)
    page.goto("/comptes/2fa/")
    expect(page.locator("main")).to_contain_text("Téléphone")
    window.is_sound()
    page.locator("a[href$='edit/']").click()
    page.locator("#id_name").fill("Poche")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("Poche")
    page.context.clear_cookies()
    page.goto("/comptes/login/")
    window.press(use)
    expect(page.locator(".sign-out")).to_be_visible()
    page.goto("/comptes/2fa/")
    page.locator("a[href$='remove/']").click()
    typed_again(window)
    expect(page.locator("main")).to_contain_text("Poche")
    page.locator("main form button").click()
    expect(page.locator("a[href$='remove/']")).to_have_count(0)


def test_the_second_step_is_a_passkey(window_at: At) -> None:
    """After the password; and once more before something is changed."""
    window = window_at("en")
    page = window.page
    plug_in(window)
    sign_in(window, "vera")
    made(window, "Laptop", "Make the passkey")
    expect(page.locator("#recovery_codes")).to_be_visible()
    page.context.clear_cookies()
    sign_in(window, "vera")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    window.is_sound()
    window.press("Use a passkey")
    expect(page.locator(".sign-out")).to_be_visible()
    page.goto("/comptes/2fa/webauthn/reauthenticate/")
    window.is_sound()
    window.press("Use a passkey")
    expect(page).not_to_have_url(re.compile("reauthenticate"))
    page.goto("/comptes/2fa/")
    page.locator("a[href$='remove/']").click()
    page.locator("main form button").click()
    expect(page.locator("a[href$='remove/']")).to_have_count(0)


def test_a_dialog_that_is_closed_and_a_device_that_has_one(window_at: At) -> None:
    window = window_at("en")
    page = window.page
    plug_in(window)
    page.goto("/comptes/login/")
    window.press("Sign in with a passkey")
    expect(page.locator("[data-passkey] [role=alert]")).to_contain_text("No passkey was used")
    window.is_sound()
    sign_in(window, "paul")
    made(window, "One", "Make the passkey")
    expect(page.locator("#recovery_codes")).to_be_visible()
    made(window, "Two", "Make the passkey")
    expect(page.locator("main [role=alert]")).to_contain_text("has a passkey of your account")


def test_an_address_of_digits_offers_none(open_window: Open) -> None:
    page = open_window(language="en").page
    page.goto("/comptes/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


# --- signing up


def sign_up(window: Window, email: str) -> None:
    page = window.page
    page.goto("/comptes/login/")
    page.locator("a[href='/comptes/signup/']").click()
    page.locator("#id_email").fill(email)
    page.locator("#id_agency_name").fill("Jardins de la Vallée")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_password) button").click()
    expect(page.locator(".sign-out")).to_be_visible()


def link_to(stack: Stack, email: str) -> str:
    code = f"""
from accounts import models, sign_up
print(sign_up.link_of(models.User.objects.get(claimed_email={email!r})))
"""
    printed = stack.manage("shell", "--no-imports", "-c", code)
    return printed.strip().removeprefix(stack.url)


@pytest.mark.parametrize("script", [True, False])
def test_from_nothing_to_a_picture_and_a_confirmed_address(
    window_at: At, stack: Stack, script: bool
) -> None:
    email = f"lea{int(script)}@example.org"
    window = window_at("fr", java_script_enabled=script)
    page = window.page
    sign_up(window, email)
    expect(page).to_have_url(re.compile("/projets/nouveau$"))
    expect(page.locator(".confirm-address")).to_contain_text(email)
    page.locator("form[action$=exemple] button").click()
    if script:
        page.locator("[data-act=shape]").click()
    page.locator(".type [value=TERRACE]").check()
    page.locator(".confirm button").click()
    if script:
        expect(page.locator("[data-compare]")).to_be_visible(timeout=PICTURE_MS)
    page.goto(link_to(stack, email))
    window.is_sound()
    page.locator("main form button").last.click()
    expect(page.locator(".confirm-address")).to_have_count(0)
    expect(page.locator(".messages", has_text="confirmée")).to_be_visible()


def test_what_is_wrong_at_the_sign_up_is_told(window_at: At) -> None:
    window = window_at("en", viewport=PHONE)
    window.expected.add(422)
    window.page.goto("/comptes/signup/")
    window.is_sound()
    window.page.locator("#id_email").fill("mia@example.org")
    window.page.locator("#id_agency_name").fill("Mia")
    window.page.locator("#id_password").fill("password")
    window.page.locator("form:has(#id_password) button").click()
    expect(window.page.locator(".refusal a")).to_have_attribute("href", "#id_password")
    window.is_sound()


def test_no_barrier_is_known_on_these_pages(window_at: At, stack: Stack) -> None:
    window = window_at("fr", viewport=PHONE)
    page = window.page
    window.expected |= {403, 410, 422}
    plug_in(window)
    page.goto("/comptes/signup/")
    assert violations(page) == []
    sign_up(window, "axelle@example.org")
    assert violations(page) == []
    for path in (link_to(stack, "axelle@example.org"), "/comptes/confirmer/nobody", "/securite"):
        page.goto(path)
        assert violations(page) == []
    page.locator("main form button").last.click()
    expect(page.locator(".refusal")).to_be_visible()
    assert violations(page) == []
    made(window, "Poche", "Créer la clé d’accès")
    expect(page.locator("#recovery_codes")).to_be_visible()
    assert violations(page) == []
    page.goto("/securite")
    page.locator("main form button[value='1']").click()
    expect(page.locator("[role=status]")).to_be_visible()
    for path in ("/securite", "/comptes/2fa/", "/comptes/sessions/"):
        page.goto(path)
        assert violations(page) == []
        window.is_sound()


# --- what the agency asks


def asked_days_ago(stack: Stack, days: int | None) -> None:
    """Of Olga's agency, when she was there already."""
    code = f"""
from django.utils import timezone
from accounts.models import Agency, Membership
then = None if {days is None} else timezone.now() - timezone.timedelta(days={days or 0})
agency = Agency.objects.filter(name="Jardins Olga")
agency.update(mfa_required_since=then)
Membership.objects.filter(agency__in=agency).update(created_at=then or timezone.now())
"""
    stack.manage("shell", "--no-imports", "-c", code)


def test_a_member_is_told_for_a_week_and_then_kept_out(window_at: At, stack: Stack) -> None:
    window = window_at("en")
    page = window.page
    sign_in(window, "olga")
    asked_days_ago(stack, 0)
    try:
        page.goto("/")
        expect(page.locator(".second-factor")).to_contain_text("Set it up by")
        window.is_sound()
        asked_days_ago(stack, 8)
        page.goto("/projets/nouveau")
        expect(page).to_have_url(re.compile("/comptes/2fa/$"))
        expect(page.locator(".refusal")).to_contain_text("all pages open again")
        window.is_sound()
        plug_in(window)
        made(window, "Laptop", "Make the passkey")
        expect(page.locator("#recovery_codes")).to_be_visible()
        page.goto("/projets/nouveau")
        expect(page).to_have_url(re.compile("/projets/nouveau$"))
    finally:
        asked_days_ago(stack, None)


def test_signed_out_everywhere_else(window_at: At) -> None:
    here, there = window_at("fr"), window_at("en")
    sign_in(here, "hugo")
    sign_in(there, "hugo")
    here.page.goto("/comptes/sessions/")
    expect(here.page.locator("main .panel")).to_have_count(2)
    here.is_sound()
    here.page.locator("main form button").click()
    expect(here.page.locator("main .panel")).to_have_count(1)
    there.page.goto("/projets/nouveau")
    expect(there.page).to_have_url(re.compile("/comptes/login/"))
