"""One visitor's window: a page, and what went wrong in it that a person might not notice."""

from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
)

from tests.stack import PASSWORD

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
WIDTHS = (320, 360, 1280)
# What a picture may take: the machine of a test run has two cores and other work.
PICTURE_MS = 60_000
# The same of a page, for which 5 s are not enough there.
expect.set_options(timeout=30_000)
# CSS pixels. Django's admin, where staff sit at a desk, is made for a mouse.
FINGER = 44
MOUSE = 24
# The desk, of which somebody who reads badly shows a quarter of the width.
ZOOMED = {"width": 320, "height": 225}

WELL_FORMED = """() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const named = (e) => e.labels?.length || e.getAttribute("aria-label");
  return [
    ...(all("h1").length === 1 ? [] : [`${all("h1").length} h1`]),
    ...(document.documentElement.lang ? [] : ["no language"]),
    ...all("img:not([alt])").map((e) => `no alt: ${e.src}`),
    ...all("input:not([type=hidden], [type=submit])").filter((e) => !named(e))
      .map((e) => `no label: ${e.name}`),
  ];
}"""
SMALL = """(least) => [...document.querySelectorAll("button, .button, summary, .type, .foot a")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < least)
  .map((e) => e.textContent.trim())"""

# What goes with the page's scrolling, and covers more than half of a window that is this low.
COVERING = """() => [...document.querySelectorAll("body *")]
  .filter((e) => ["fixed", "sticky"].includes(getComputedStyle(e).position))
  .filter((e) => e.checkVisibility() && e.offsetHeight > innerHeight / 2)
  .map((e) => e.className)"""
TELL_BREACHES = """addEventListener("securitypolicyviolation", (breach) =>
  console.error(`policy: ${breach.effectiveDirective} ${breach.blockedURI}`))"""


class Window:
    """`expected` are the statuses from 400 on that a test means to see; with `may_fail` it means to
    be without a connection."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.expected: set[int] = set()
        self.may_fail = False
        self.host = ""
        self.page.add_init_script(TELL_BREACHES)
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page: {error}"))
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._request_failed)

    def _console(self, message: ConsoleMessage) -> None:
        """A breach of the content policy is an error here; a status is judged below."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        """All of a page comes from where the page came from."""
        address = urlsplit(request.url)
        if address.scheme not in ("http", "https"):
            return
        self.host = self.host or address.netloc
        if address.netloc != self.host:
            self.problems.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status}: {response.url}")

    def _request_failed(self, request: Request) -> None:
        # A page that is left drops what it was still asking for.
        if request.failure != "net::ERR_ABORTED" and not self.may_fail:
            self.problems.append(f"{request.failure}: {request.url}")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def least(self) -> int:
        """What is pressed is this high."""
        return MOUSE if self.path.startswith("/admin/") else FINGER

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sign_in(self, email: str) -> None:
        self.page.locator("#id_login").fill(email)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.locator("form:has(#id_password) button").click()
        expect(self.page.locator("#id_password")).to_have_count(0)

    def leave_for(self, path: str) -> None:
        """A page that loads itself anew while its job runs may do so at this very moment, which
        breaks off the leaving. Then there are some seconds until it does again."""
        try:
            self.page.goto(path)
        except Error:
            self.page.goto(path)

    def sample_project(self) -> str:
        """A project with the sample garden; its zone page is open then. Its address."""
        self.page.goto("/projets/nouveau")
        self.page.locator("form[action$=exemple] button").click()
        expect(self.page.locator("mask-editor")).to_be_visible()
        return self.path

    def is_sound(self) -> None:
        """What holds on every page: it fits each width, and all of it has a name."""
        assert self.page.evaluate(WELL_FORMED) == []
        size = self.page.viewport_size
        assert size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, width
            assert self.page.evaluate(SMALL, self.least) == []
        self.page.set_viewport_size(ZOOMED)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
        assert self.page.evaluate(COVERING) == []
        self.page.set_viewport_size(size)
