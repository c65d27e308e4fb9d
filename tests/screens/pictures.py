"""Which pictures docs/screens/ has, and how they are taken: small, for a repository."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from projects.reference.topics import TOPICS
from tests.browser.axe import LOOKS, Look
from tests.browser.every_scene import SCENES
from tests.browser.scenes import Scene
from tests.stack import ROOT

FOLDER = ROOT / "docs" / "screens"
MAX_BYTES = 60_000
# Of a page that goes on and on, the beginning.
MOST = {360: 2200, 1280: 1600}
SHOWN = {Look("fr", 360, "light"), Look("en", 1280, "light")}
DARK = Look("fr", 360, "dark")
# The pages of the API's topics look alike, as do those for whom a role is too weak: one of them
# stands for all.
FORBIDDEN = {"share-forbidden", "quote-forbidden", "branding-not-allowed"}
ALIKE = {f"docs-{topic.slug}" for topic in TOPICS} - {"docs-generations"} | FORBIDDEN
# Of each page its main state, and what has colours of its own.
IN_THE_DARK = {
    *("projects", "project-ready", "project-running", "project-failed", "bin"),
    *("zone", "zone-drawn", "new", "new-drawing"),
    *("sign-in", "password-reset", "password-change", "two-step", "two-step-start", "sign-out"),
    *("no-agency", "not-found", "server-error"),
    *("docs", "docs-errors", "docs-webhooks", "docs-generations"),
}

# At its place, not on what was seen of the page.
UNSTUCK = ".confirm, p.messages { position: static !important; }"
# The page's policy refuses a style element; a sheet made by a script is none.
ADOPT = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}"""
EAGER = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().catch(() => null); // one that is not shown, or has no file
}))"""


def names() -> list[str]:
    return [name_of(scene, look) for scene in SCENES for look in LOOKS if is_shown(scene, look)]


def name_of(scene: Scene, look: Look) -> str:
    return f"{scene.name}-{look}"


def is_shown(scene: Scene, look: Look) -> bool:
    if scene.name in ALIKE:
        return False
    return look in SHOWN or (look == DARK and scene.name in IN_THE_DARK)


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.webp"


def take(page: Page, name: str) -> None:
    page.evaluate(EAGER)
    page.evaluate(ADOPT, UNSTUCK)
    width = page.evaluate("innerWidth")
    height = min(page.evaluate("document.documentElement.scrollHeight"), MOST[width])
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    png = page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
    path_of(name).write_bytes(next(small(Image.open(io.BytesIO(png)).convert("RGB"))))


def small(image: Image.Image) -> Iterator[bytes]:
    """As good as it gets within MAX_BYTES."""
    for quality in (60, 45, 30, 15, 1):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MAX_BYTES or quality == 1:
            yield out.getvalue()
