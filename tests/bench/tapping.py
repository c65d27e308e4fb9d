"""From the tap on "make the picture" to the project's page that says that it is being made: by the
browser's own times, of the touch and of the new page's first paint."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.bench.bench import Bench
from tests.bench.drive import CANNED
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.bench.sizes import Size
from tests.bench.visitor import Visitor, file_of, load, phone_photo, slow_down, visitor
from tests.browser.easel import Easel, ring

GOAL_S = 1
# Over two pages: the tab remembers when the button was touched.
REMEMBER = """addEventListener("pointerdown", ({ target, timeStamp }) => {
  const at = performance.timeOrigin + timeStamp;
  if (target.closest(".confirm button")) sessionStorage.touched = at;
}, true)"""
SECONDS = """async () => {
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
  while (!painted()) await new Promise(requestAnimationFrame); // its words are there before it
  const { startTime } = painted();
  return (performance.timeOrigin + startTime - Number(sessionStorage.touched)) / 1000;
}"""
STATES = "section.running, [data-compare]"


def measure(bench: Bench) -> Iterator[Row]:
    bench.stack.set_faults(CANNED)
    with visitor(bench.stack) as someone:
        usual = _taps(someone, bench.size, bench.size.taps)
        in_lab = _taps(someone, bench.size, min(5, bench.size.taps), in_lab=True)
    p95 = percentile(usual, 95)
    yield Row(
        "p95 from the tap to the page that says it is accepted",
        f"{p95:.2f} s, p50 {percentile(usual, 50):.2f} s ({load()})",
        f"{percentile(in_lab, 50):.2f} s is the median in the lab",
        goal=f"≤ {GOAL_S} s",
        met=p95 <= GOAL_S,
    )


def _taps(someone: Visitor, size: Size, count: int, *, in_lab: bool = False) -> list[float]:
    """On one photo, each with a zone of its own."""
    with someone.phone() as page:
        page.add_init_script(REMEMBER)
        page.goto("/projets/nouveau")
        page.locator("#id_photo").set_input_files(file_of(phone_photo(size.photo)))
        expect(page.locator("[data-progress]")).to_contain_text("arrivée", timeout=120_000)
        seconds = [_tap(page)]
        if in_lab:
            slow_down(page, size.slower)
        zone = f"{page.url}/zone"
        for _ in range(count):
            page.goto(zone)
            seconds.append(_tap(page))
    return seconds[1:]


def _tap(page: Page) -> float:
    Easel(page).finger(ring())
    page.get_by_text("Piscine", exact=True).tap()
    page.locator(".confirm button").tap()
    expect(page.locator(STATES).first).to_be_visible(timeout=60_000)
    seconds: float = page.evaluate(SECONDS)
    return seconds
