"""What a visitor sees and feels of the pages in the lab: a phone whose processor is four times
slower, 1.6 Mbit/s, 150 ms to the server, nothing in the cache.

LCP, INP and CLS are what Chromium tells of itself (Performance Observer). INP is the slowest of the
interactions listed here; CLS is the sum of all shifts that no tap asked for. The sizes of the
pictures were made before, as they are for all but the first who sees them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, expect

from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.bench.sizes import Size
from tests.bench.visitor import MOTO_G, Visitor, file_of, load, phone_photo, slow_down, visitor
from tests.browser.easel import Easel, ring

CARDS = 24
GOALS: dict[str, float] = {"lcp": 2000, "inp": 100, "cls": 0.02}
SHARE_LCP = 1800
STILL_MS = 1500
MAKE = """
import json
from tests.bench import showcase
print(json.dumps(showcase.projects({!r}, {})))
"""
OBSERVE = """(() => {
  const vitals = (window.vitals = { lcp: 0, inp: 0, cls: 0, first: 0 });
  const see = (type, each, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each))
      .observe({ type, buffered: true, ...options });
  see("largest-contentful-paint", ({ startTime }) => (vitals.lcp = startTime));
  see("paint", ({ startTime }) => (vitals.first = startTime));
  see("layout-shift", (e) => e.hadRecentInput || (vitals.cls += e.value));
  see("event", (e) => e.interactionId && (vitals.inp = Math.max(vitals.inp, e.duration)),
    { durationThreshold: 16 });
})()"""
Vitals = dict[str, float]
Use = Callable[[Page], None]


@dataclass(frozen=True)
class Seen:
    name: str
    path: str
    use: Use
    lcp: float = GOALS["lcp"]


def measure(bench: Bench) -> Iterator[Row]:
    with visitor(bench.stack) as someone:
        make = MAKE.format(someone.name, min(CARDS, bench.size.pages))
        made = bench.stack.manage("shell", "--no-imports", "-c", make)
        for page in _pages(json.loads(made), bench.size):
            _visit(someone, page)
            seen = [_visit(someone, page, bench.size.slower) for _ in range(bench.size.visits)]
            yield _row(page, {name: _median(seen, name) for name in seen[0]})


def _pages(ids: dict[str, str], size: Size) -> list[Seen]:
    return [
        Seen("list of projects", "/", _search),
        Seen("new project", "/projets/nouveau", partial(_begin, size)),
        Seen("project", f"/projets/{ids['ready']}", _compare),
        Seen("zone", f"/projets/{ids['zone']}/zone", _draw),
        Seen("share page", ids["share"], _compare, SHARE_LCP),
    ]


def _visit(someone: Visitor, seen: Seen, slower: int = 0) -> Vitals:
    """In the lab, with a processor so many times slower; as it is here without one."""
    with someone.phone(MOTO_G) as page:
        page.add_init_script(OBSERVE)
        if slower:
            slow_down(page, slower)
        page.goto(seen.path)
        page.wait_for_timeout(STILL_MS)  # a tap ends what counts for LCP
        seen.use(page)
        page.wait_for_timeout(STILL_MS)
        found: Vitals = page.evaluate("vitals")
    assert found["lcp"], "something was seen"
    return found


def _search(page: Page) -> None:
    page.locator("[type=search]").tap()
    page.keyboard.type("martin")


def _begin(size: Size, page: Page) -> None:
    """The photo is chosen, and drawn on while it travels; then it has arrived."""
    with page.expect_file_chooser() as picker:
        page.locator("#id_photo").tap()
    picker.value.set_files(file_of(phone_photo(size.photo)))
    expect(page.locator("mask-editor")).to_be_visible()
    _draw(page)
    page.locator("#id_name").tap()
    page.keyboard.type("Martin")
    expect(page.locator("[data-progress]")).to_contain_text("arrivée", timeout=120_000)


def _draw(page: Page) -> None:
    easel = Easel(page)
    easel.finger(ring())
    expect(page.locator("[data-state]")).to_contain_text("%")
    page.locator("[data-tool=brush]").tap()
    easel.finger(ring(across=0.1, down=0.1))
    page.locator("[data-act=undo]").tap()
    page.get_by_text("Piscine", exact=True).tap()


def _compare(page: Page) -> None:
    for name in ("Avant", "Après", "50/50"):
        page.get_by_role("button", name=name, exact=True).tap()
    page.locator("summary:visible").first.tap()


def _median(seen: list[Vitals], name: str) -> float:
    return percentile([vitals[name] for vitals in seen], 50)


def _row(page: Seen, vitals: Vitals) -> Row:
    goals = {**GOALS, "lcp": page.lcp}
    shown = {name: vitals[name] for name in goals}
    return Row(
        f"{page.name}: LCP, INP, CLS in the lab",
        f"{shown['lcp'] / 1000:.2f} s, {shown['inp']:.0f} ms, {shown['cls']:.3f} ({load()})",
        f"{vitals['first'] / 1000:.2f} s until anything was seen",
        goal=f"≤ {goals['lcp'] / 1000} s, ≤ {goals['inp']} ms, ≤ {goals['cls']}",
        met=all(shown[name] <= goal for name, goal in goals.items()),
    )
