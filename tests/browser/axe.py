"""axe-core on a page, and the looks that a page has: two languages, two widths, light and dark."""

from importlib.resources import files
from itertools import product
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.browser.every_scene import SCENES
from tests.browser.scenes import Scene
from tests.browser.window import DESKTOP, PHONE

ENGINE = (files("axe_playwright_python") / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": STANDARDS},
    "rules": {"target-size": {"enabled": True}},  # of 2.2 AA, and off by itself
    "resultTypes": ["violations"],
    "preload": False,  # it would copy style sheets into elements, which the policy refuses
}
FOUND = """async (options) => {
  const { violations } = await axe.run(document, options);
  const told = (id, { target, failureSummary }) => `${id}: ${target} ${failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""


class Look(NamedTuple):
    language: str
    width: int
    scheme: str

    def __str__(self) -> str:
        return "-".join(map(str, self))

    @property
    def options(self) -> dict[str, Any]:
        """Of a browser's context."""
        phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        size = phone if self.width == PHONE["width"] else {"viewport": DESKTOP}
        return {**size, "color_scheme": self.scheme}


LOOKS = [
    Look(*look)
    for look in product(["fr", "en"], [PHONE["width"], DESKTOP["width"]], ["light", "dark"])
]


def turns() -> list[tuple[Scene, Look]]:
    """Each scene in one look, and as many in each of the looks."""
    return [(scene, LOOKS[place % len(LOOKS)]) for place, scene in enumerate(SCENES)]


# Colours on their way from one to the other are in no style sheet; what turns for ever stays.
AT_REST = """() => Promise.allSettled(
  document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
    .map((each) => each.finished)
)"""


def violations(page: Page) -> list[str]:
    """What is known to keep somebody out of this page, when all of it is there and at rest."""
    page.wait_for_load_state("load")  # a module gives the page its last classes
    page.evaluate(AT_REST)
    page.evaluate(ENGINE)
    found: list[str] = page.evaluate(FOUND, OPTIONS)
    return found
