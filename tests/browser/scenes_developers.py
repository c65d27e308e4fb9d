"""The developers' pages in each of their states."""

from playwright.sync_api import expect

from tests.browser.scenes import Projects, Scene, Show, at, with_password
from tests.browser.window import Window

KEYS, WEBHOOKS, LOG = "/developpeurs/cles", "/developpeurs/webhooks", "/developpeurs/livraisons"
CALLS = "/developpeurs/appels"
# Nobody listens there: each try is refused.
NOWHERE = "http://127.0.0.1:9/parterre/webhook"
FORM = "form.panel"
REFUSAL = ".refusal[role=alert]:not([hidden])"


def send(window: Window, form: str = FORM) -> None:
    window.page.locator(f"{form} button").first.click()


def make_key(window: Window, name: str = "Site web") -> None:
    window.page.goto(f"{KEYS}/nouvelle")
    window.page.locator("#id_name").fill(name)
    send(window)
    expect(window.page.locator(".made-link")).to_be_visible()


def open_endpoint(window: Window) -> None:
    """The page of the first one, switched on; made if there is none: an agency has 20 at most."""
    window.page.goto(WEBHOOKS)
    if not window.page.locator(".link").count():
        window.page.goto(f"{WEBHOOKS}/nouveau")
        window.page.locator("#id_url").fill(NOWHERE)
        window.page.locator("#id_description").fill("Notre CRM")
        send(window)
        window.page.goto(WEBHOOKS)
    window.page.locator(".link a").first.click()
    expect(window.page.locator("h1.url")).to_be_visible()
    if window.page.locator("form[action$=reprendre]").count():
        send(window, "form[action$=reprendre]")
    expect(window.page.locator("form[action$=essai]")).to_be_visible()


def tested(window: Window) -> None:
    open_endpoint(window)
    send(window, "form[action$=essai]")
    expect(window.page.locator("#body")).to_be_visible()


# --- Scenes


def key_shown(window: Window, projects: Projects) -> None:
    make_key(window)


def key_shown_before(window: Window, projects: Projects) -> None:
    make_key(window)
    window.expected.add(409)
    window.page.reload()
    expect(window.page.locator(".made-link")).to_have_count(0)


def no_key(window: Window, projects: Projects) -> None:
    """By a browser that lets an empty name pass."""
    window.expected.add(422)
    window.page.goto(f"{KEYS}/nouvelle")
    window.page.locator("#id_name").evaluate("field => field.removeAttribute('required')")
    for box in window.page.locator("[name=scopes]").all():
        box.uncheck()
    send(window)
    expect(window.page.locator(REFUSAL)).to_be_visible()


def act_on_key(act: str) -> Show:
    """Of a key that works."""

    def show(window: Window, projects: Projects) -> None:
        window.page.goto(KEYS)
        address = window.page.locator(f"a[href$={act}]").first.get_attribute("href") or ""
        with_password(address)(window, projects)

    return show


def endpoints(window: Window, projects: Projects) -> None:
    open_endpoint(window)
    window.page.goto(WEBHOOKS)


def no_endpoint(window: Window, projects: Projects) -> None:
    window.expected.add(422)
    window.page.goto(f"{WEBHOOKS}/nouveau")
    window.page.locator("#id_url").fill("https://192.168.1.20/webhook")
    send(window)
    expect(window.page.locator(REFUSAL)).to_be_visible()


def endpoint(window: Window, projects: Projects) -> None:
    """With all that is folded up."""
    tested(window)
    open_endpoint(window)
    folded = "details => details.forEach((one) => (one.open = true))"
    window.page.locator("details").evaluate_all(folded)


def endpoint_off(window: Window, projects: Projects) -> None:
    open_endpoint(window)
    send(window, "form[action$=arreter]")
    expect(window.page.locator("form[action$=reprendre]")).to_be_visible()


def secret_shown(window: Window, projects: Projects) -> None:
    open_endpoint(window)
    window.page.locator("details:has([action$=secret]) summary").click()
    send(window, "form[action$=secret]")
    expect(window.page.locator(".made-link")).to_be_visible()


def message(window: Window, projects: Projects) -> None:
    tested(window)


def log(window: Window, projects: Projects) -> None:
    tested(window)
    window.page.goto(LOG)


def calls(window: Window, projects: Projects) -> None:
    """One that was accepted and one that was refused; their lines are there a moment later."""
    make_key(window)
    key = window.page.locator(".made-link input").input_value()
    headers = {"x-api-key": key, "Idempotency-Key": "devis-2024-117"}
    window.page.request.get("/api/v1/quota?limit=5", headers=headers)
    window.page.request.post("/api/v1/generations", headers=headers, data={"room_type": "CASTLE"})
    for _try in range(20):
        window.page.goto(CALLS)
        if window.page.get_by_text("POST /api/v1/generations").count():
            return
        window.page.wait_for_timeout(250)
    raise AssertionError("no line came")


def call(window: Window, projects: Projects) -> None:
    calls(window, projects)
    window.page.get_by_text("POST /api/v1/generations").first.click()
    expect(window.page.locator("h1.url")).to_contain_text("POST")


SCENES_DEVELOPERS: list[Scene] = [
    Scene("developers", "rosa", at("/developpeurs")),
    Scene("developers-as-integrator", "ines", at("/developpeurs")),
    Scene("calls", "rosa", calls),
    Scene("call", "rosa", call),
    Scene("calls-none", "olga", at(CALLS)),
    Scene("calls-none-fits", "rosa", at(f"{CALLS}?id=nothing")),
    Scene("calls-refused", "rosa", at(f"{CALLS}?result=lost", 422)),
    Scene("endpoints-none", "olga", at(WEBHOOKS)),
    Scene("deliveries-none", "olga", at(LOG)),
    Scene("keys", "rosa", at(KEYS)),
    Scene("key-new", "rosa", at(f"{KEYS}/nouvelle")),
    Scene("key-refused", "rosa", no_key),
    Scene("key-shown", "rosa", key_shown),
    Scene("key-shown-before", "rosa", key_shown_before),
    Scene("key-replace", "rosa", act_on_key("remplacer")),
    Scene("key-revoke", "rosa", act_on_key("revoquer")),
    Scene("endpoint-new", "rosa", at(f"{WEBHOOKS}/nouveau")),
    Scene("endpoint-refused", "rosa", no_endpoint),
    Scene("endpoints", "rosa", endpoints),
    Scene("endpoint-off", "rosa", endpoint_off),
    Scene("endpoint", "rosa", endpoint),
    Scene("endpoint-secret", "rosa", secret_shown),
    Scene("delivery", "rosa", message),
    Scene("deliveries", "rosa", log),
    Scene("deliveries-none-fits", "rosa", at(f"{LOG}?state=delivered&type=quota.low")),
    Scene("deliveries-refused", "rosa", at(f"{LOG}?state=lost", 422)),
]
