"""Every page of the dashboard in each of its states: axe reads them all (test_axe.py), and
`make screens` takes their pictures."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import expect

from projects.reference.topics import TOPICS
from tests.browser.branded import brand
from tests.browser.easel import Easel, ring
from tests.browser.links import Links, make_links, say
from tests.browser.told import TOLD
from tests.browser.window import PICTURE_MS, Window
from tests.stack import PASSWORD, ROOT, Stack

GARDEN = ROOT / "static" / "samples" / "garden.jpg"
QUOTE = {"name": "devis.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.4" + bytes(180_000)}
# Accepted by iacrea, and so what it was told to do with it.
DRAWING = "section.running li:nth-child(3)[aria-current]"
REFUSAL = ".refusal[role=alert]:not([hidden])"
QUOTED = ".downloads a[href$=devis]"
SEND = """([action, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  for (const name of fields) form.append(Object.assign(document.createElement("input"), { name }));
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True)
class Projects:
    """Addresses of Rosa's."""

    draft: str
    ready: str
    changed: str
    failed: str
    running: str
    unsubscribe: str
    links: Links


Show = Callable[[Window, Projects], None]


@dataclass(frozen=True)
class Scene:
    name: str
    who: str
    show: Show


# --- Rosa's projects, made once, by a window without JavaScript


def make_projects(stack: Stack, rosa: Window) -> Projects:
    draft = new_project(rosa, "Jardin Petit")
    rosa.page.goto(new_project(rosa, "Jardin d’hier"))
    remove(rosa)
    ready = with_job(rosa, "Famille Martin", "TERRACE", "[data-compare]")
    write_on(rosa)
    rosa.page.locator(".others button").first.click()
    expect(rosa.page.locator(".made .chip.ready")).to_have_count(2, timeout=PICTURE_MS)
    stack.set_faults([{"call": "job", "action": "window"}])
    changed = with_job(rosa, "Chemin des Vignes", "TERRACE", "[data-compare]")
    stack.set_faults([{"call": "job", "action": "fail"}])
    failed = with_job(rosa, "M. et Mme Dupont-Larrivière", "PETANQUE", ".failed-note")
    stack.set_faults([{"call": "job", "action": "stuck"}])
    running = with_job(rosa, "Villa Les Cigales", "POOL", DRAWING)
    rosa.leave_for(ready)
    stack.set_faults([])
    unsubscribe = stack.manage("shell", "--no-imports", "-c", TOLD).strip()
    links = make_links(rosa, ready, changed)
    return Projects(draft, ready, changed, failed, running, unsubscribe, links)


def new_project(window: Window, title: str) -> str:
    """With a photo and no zone: its zone page is open then. The project's address."""
    page = window.page
    page.goto("/projets/nouveau")
    page.locator("#id_photo").set_input_files(GARDEN)
    page.locator("#id_title").fill(title)
    page.locator("form:has(#id_photo) button").click()
    expect(page.locator(".zone-form")).to_be_visible()
    return window.path.removesuffix("/zone")


def with_job(window: Window, title: str, room_type: str, until: str) -> str:
    project = new_project(window, title)
    window.page.locator(f".type [value={room_type}]").check()
    window.page.locator(".confirm button").click()
    expect(window.page.locator(until)).to_be_visible(timeout=PICTURE_MS)
    return project


def remove(window: Window) -> None:
    """The project whose page is open."""
    window.page.locator("[data-live] ~ .more summary").click()
    window.page.locator("[data-live] ~ .more button").click()
    expect(window.page.locator(".messages button")).to_be_visible()


def write_on(window: Window) -> None:
    """On a project's page: what an agency may say of a picture."""
    page = window.page
    page.locator("#favourite").click()
    page.locator(".keep summary").first.click()
    page.locator("#id_note").fill("Dalles claires, comme chez les voisins.")
    page.locator("form[action$=note] button").click()
    page.locator("#wrong summary").click()
    page.locator(".reasons button").first.click()
    expect(page.locator("#wrong")).to_have_count(0)


# --- how a page comes to its state


def at(path: str, *expected: int) -> Show:
    def show(window: Window, projects: Projects) -> None:
        window.expected |= set(expected)
        window.page.goto(path)

    return show


def of(which: str, suffix: str = "") -> Show:
    def show(window: Window, projects: Projects) -> None:
        window.page.goto(getattr(projects, which) + suffix)

    return show


def forbidden(suffix: str) -> Show:
    """What somebody's role does not allow."""

    def show(window: Window, projects: Projects) -> None:
        window.expected.add(403)
        window.page.goto(projects.ready + suffix)

    return show


def quoted(window: Window, projects: Projects) -> None:
    """The form for the newest picture of a project that has two."""
    window.page.goto(projects.ready)
    window.page.goto(window.page.locator(QUOTED).get_attribute("href") or "")
    expect(window.page.locator("#id_label_1")).to_be_visible()


def quote_refused(window: Window, projects: Projects) -> None:
    quoted(window, projects)
    window.expected.add(422)
    window.page.locator("#id_label_1").fill("Terrasse bois 24 m²")
    window.page.locator("#id_amount_1").fill("1 234 €")
    window.page.locator("#id_label_2").evaluate("field => field.removeAttribute('maxlength')")
    window.page.locator("#id_label_2").fill("Piscine coque, pose et terrassement compris " * 3)
    window.page.locator("form.panel .actions button").click()
    expect(window.page.locator(REFUSAL)).to_be_visible()


def posted(status: int, *fields: str) -> Show:
    """What the server says of a form that no page of ours sends."""

    def show(window: Window, projects: Projects) -> None:
        window.expected.add(status)
        window.page.goto("/comptes/login/")
        window.page.evaluate(SEND, ["/comptes/login/", fields])
        expect(window.page.locator("#id_login")).to_have_count(0)

    return show


def wrong_password(window: Window, projects: Projects) -> None:
    window.page.goto("/comptes/login/")
    window.page.locator("#id_login").fill("nobody@example.org")
    window.page.locator("#id_password").fill("not the password")
    window.page.locator("form:has(#id_password) button").click()
    expect(window.page.locator(REFUSAL)).to_be_visible()


def broken_server(window: Window, projects: Projects) -> None:
    body = (ROOT / "templates" / "500.html").read_text()
    window.page.route("**/broken", lambda route: route.fulfill(body=body, content_type="text/html"))
    window.page.goto("/broken")


def photo_drawn_on(window: Window, projects: Projects) -> None:
    page = window.page
    page.goto("/projets/nouveau")
    page.locator("#id_photo").set_input_files(GARDEN)
    Easel(page).drag(ring())
    expect(page.locator("[data-state]")).to_contain_text("%")


def with_password(path: str) -> Show:
    """A page that asks once more for the password, unless it was typed a moment ago."""

    def show(window: Window, projects: Projects) -> None:
        window.page.goto(path)
        if (field := window.page.locator("#id_password")).count():
            field.fill(PASSWORD)
            window.page.locator("form:has(#id_password) button").click()
            expect(field).to_have_count(0)

    return show


def no_photo(window: Window, projects: Projects) -> None:
    window.expected.add(422)
    window.page.goto("/projets/nouveau")
    window.page.locator("#id_photo").set_input_files(QUOTE)
    expect(window.page.locator("[data-problem]")).not_to_be_empty()


def without_zone(window: Window, projects: Projects) -> None:
    window.expected.add(422)
    window.page.goto(f"{projects.draft}/zone")
    window.page.locator(".type [value=POOL]").check()
    window.page.locator(".confirm button").click()
    expect(window.page.locator(REFUSAL)).to_be_visible()


def zone_drawn(window: Window, projects: Projects) -> None:
    """On a project of its own: what is drawn is kept."""
    window.sample_project()
    Easel(window.page).drag(ring())
    expect(window.page.locator("[data-state]")).to_contain_text("%")


def without_connection(window: Window, projects: Projects) -> None:
    zone_drawn(window, projects)
    window.may_fail = True
    window.page.locator(".type [value=POOL]").check()
    window.page.context.set_offline(True)
    window.page.locator(".confirm button").click()
    expect(window.page.locator("[data-offline]")).to_be_visible()


def just_removed(window: Window, projects: Projects) -> None:
    window.sample_project()
    window.page.goto(window.path.removesuffix("/zone"))
    remove(window)


def opened(window: Window, projects: Projects) -> None:
    """With all that is folded up."""
    window.page.goto(projects.ready)
    folded = "details => details.forEach((one) => (one.open = true))"
    window.page.locator("details").evaluate_all(folded)
    expect(window.page.locator("#id_note")).to_be_visible()


def changed_outside(window: Window, projects: Projects) -> None:
    window.page.goto(projects.changed)
    window.page.locator(".outside summary").click()
    expect(window.page.locator(".outside img")).to_be_visible()


def first_picture(window: Window, projects: Projects) -> None:
    window.page.goto(projects.ready)
    window.page.locator(".made a").first.click()
    expect(window.page.locator("p.note")).to_be_visible()


def compared(window: Window, projects: Projects) -> None:
    window.page.goto(projects.ready)
    window.page.locator("#compare-with").select_option(index=1)
    window.page.locator(".compare-with button").click()
    expect(window.page).to_have_url(re.compile("with=."))


def told(window: Window, projects: Projects) -> None:
    """As if it were fetched ahead: what is new stays so for the next picture."""
    window.page.set_extra_http_headers({"sec-purpose": "prefetch"})
    window.page.goto("/notifications")
    expect(window.page.locator(".told .new").first).to_be_visible()


def unsubscribed(window: Window, projects: Projects) -> None:
    window.page.goto(projects.unsubscribe)
    window.page.locator("main form button").click()
    expect(window.page.locator("main form")).to_have_count(0)


def shared(which: str, *expected: int) -> Show:
    """A link's page, as its client sees it."""

    def show(window: Window, projects: Projects) -> None:
        window.expected |= set(expected)
        window.page.goto(getattr(projects.links, which))

    return show


def just_approved(window: Window, projects: Projects) -> None:
    say(window, projects.links.approved)
    expect(window.page.locator(".thanks")).to_be_visible()


def wrong_code(window: Window, projects: Projects) -> None:
    window.expected.add(403)
    window.page.goto(projects.links.coded)
    window.page.locator("#code").fill("12345")
    window.page.locator("form button").click()
    expect(window.page.locator("#wrong")).to_be_visible()


def no_comment(window: Window, projects: Projects) -> None:
    """By a browser that lets a name of nothing but spaces pass."""
    window.expected.add(422)
    window.page.goto(projects.links.fresh)
    window.page.locator(".act summary").nth(1).click()
    window.page.locator("#cn1").fill("   ")
    window.page.locator("#ct1").fill("Et en pierre ?")
    window.page.locator("form[action*='/1/comment'] button").click()
    expect(window.page.locator("div.wrong")).to_be_visible()


def just_shared(window: Window, projects: Projects) -> None:
    window.page.goto(projects.ready)
    window.page.locator("form[action$='/partager/lien'] button").click()
    expect(window.page.locator(".made-link")).to_be_visible()


def asked_for_photos(window: Window, projects: Projects) -> None:
    """Once: a second request shows the first."""
    window.page.goto("/utilisation/demande")
    if (field := window.page.locator("#id_photos")).count():
        field.fill("40")
        window.page.locator("#id_message").fill("Bon de commande 2026-118")
        window.page.locator("form:has(#id_photos) button").click()
    expect(window.page.locator("main .note")).to_be_visible()


def usage_asked(window: Window, projects: Projects) -> None:
    asked_for_photos(window, projects)
    window.page.goto("/utilisation")
    expect(window.page.locator(".few.asked")).to_be_visible()


def without_photos(window: Window, projects: Projects) -> None:
    window.sample_project()


def branded(window: Window, projects: Projects) -> None:
    brand(window)


def logo_refused(window: Window, projects: Projects) -> None:
    window.expected.add(422)
    window.page.goto("/marque")
    window.page.locator("#id_logo").set_input_files(QUOTE)
    window.page.locator("#id_accent").fill("jaune")
    window.page.locator("form:has(#id_logo) .actions button").click()
    expect(window.page.locator(REFUSAL)).to_be_visible()


SCENES = [
    # A job that is stuck does not stay so for ever: first what shows it.
    Scene("project-running", "rosa", of("running")),
    Scene("projects", "rosa", at("/")),
    Scene("projects-empty", "vera", at("/")),
    Scene("projects-none-found", "rosa", at("/?q=sahara")),
    Scene("project-draft", "rosa", of("draft")),
    Scene("project-ready", "rosa", of("ready")),
    Scene("project-noted", "rosa", first_picture),
    Scene("project-opened", "rosa", opened),
    Scene("project-compared", "rosa", compared),
    Scene("project-changed", "rosa", changed_outside),
    Scene("project-failed", "rosa", of("failed")),
    Scene("project-removed", "emma", just_removed),
    Scene("project-answered", "rosa", of("changed", "#said")),
    Scene("share", "", shared("fresh")),
    Scene("share-answered", "", shared("answered")),
    Scene("share-approved", "", just_approved),
    Scene("share-refused", "", no_comment),
    Scene("share-code", "", shared("coded")),
    Scene("share-code-wrong", "", wrong_code),
    Scene("share-revoked", "", shared("revoked", 410)),
    Scene("share-unknown", "", at("/p/nobody-has-this", 404)),
    Scene("share-links", "rosa", just_shared),
    Scene("share-links-empty", "rosa", of("draft", "/partager")),
    Scene("share-forbidden", "ines", forbidden("/partager")),
    Scene("quote", "rosa", quoted),
    Scene("quote-refused", "rosa", quote_refused),
    Scene("quote-forbidden", "ines", forbidden(f"/images/{UUID(int=0)}/devis")),
    Scene("bin", "rosa", at("/projets/corbeille")),
    Scene("bin-empty", "vera", at("/projets/corbeille")),
    Scene("notifications", "hugo", told),
    Scene("notifications-empty", "vera", at("/notifications")),
    Scene("notification-choices", "hugo", at("/notifications/choix")),
    Scene("unsubscribe", "", of("unsubscribe")),
    Scene("unsubscribed", "", unsubscribed),
    Scene("usage", "rosa", at("/utilisation")),
    Scene("usage-empty", "vera", at("/utilisation?period=last")),
    Scene("usage-filtered", "rosa", at("/utilisation?kind=release")),
    Scene("usage-wrong", "rosa", at("/utilisation?first=2026-11-02&last=2026-11-01", 422)),
    Scene("usage-used-up", "charlie", at("/utilisation")),
    Scene("usage-asked", "emma", usage_asked),
    Scene("usage-forbidden", "ines", at("/utilisation", 403)),
    Scene("ask-for-photos", "rosa", at("/utilisation/demande")),
    Scene("ask-for-photos-asked", "emma", asked_for_photos),
    Scene("zone", "rosa", of("draft", "/zone")),
    Scene("zone-drawn", "alice", zone_drawn),
    Scene("zone-refused", "rosa", without_zone),
    Scene("zone-offline", "alice", without_connection),
    Scene("zone-no-photos-left", "charlie", without_photos),
    Scene("new", "alice", at("/projets/nouveau")),
    Scene("new-drawing", "alice", photo_drawn_on),
    Scene("new-refused", "alice", no_photo),
    Scene("branding", "vera", at("/marque")),
    Scene("branding-chosen", "olga", branded),
    Scene("branding-refused", "vera", logo_refused),
    Scene("branding-not-allowed", "ines", at("/marque", 403)),
    Scene("sign-in", "", at("/comptes/login/")),
    Scene("sign-in-refused", "", wrong_password),
    Scene("sign-up-closed", "", at("/comptes/signup/")),
    Scene("password-reset", "", at("/comptes/password/reset/")),
    Scene("password-reset-sent", "", at("/comptes/password/reset/done/")),
    Scene("password-reset-dead", "", at("/comptes/password/reset/key/0-unknown/")),
    Scene("password-change", "rosa", at("/comptes/password/change/")),
    Scene("two-step", "rosa", at("/comptes/2fa/")),
    Scene("two-step-start", "rosa", with_password("/comptes/2fa/totp/activate/")),
    Scene("password-again", "rosa", at("/comptes/reauthenticate/")),
    Scene("sign-out", "rosa", at("/comptes/logout/")),
    Scene("no-agency", "lou", at("/", 403)),
    Scene("not-allowed", "rosa", at("/admin/login/", 403)),
    Scene("not-found", "rosa", at("/projets/nulle-part", 404)),
    Scene("form-expired", "", posted(403, "login")),
    Scene("not-understood", "", posted(400, *(f"field-{n}" for n in range(1001)))),
    Scene("server-error", "", broken_server),
    Scene("docs", "", at(DOCS := "/developers/docs/")),
    Scene("docs-errors", "", at(f"{DOCS}errors")),
    Scene("docs-webhooks", "", at(f"{DOCS}webhooks")),
    *(Scene(f"docs-{topic.slug}", "", at(DOCS + topic.slug)) for topic in TOPICS),
]
