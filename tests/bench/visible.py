"""From the moment at which the picture service has a picture to the one at which it is seen in a
project's page that is open: the real product, a real browser, drawn pictures.

The first moment is the file's own, which the emulator writes as it ends a job; the second is the
browser's, of the frame in which the picture stands.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from playwright.sync_api import Page, expect

from integrations.emulator.results import path_of
from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.bench.visitor import Visitor, load, visitor
from tests.browser.easel import Easel, ring
from tests.stack import Stack

GOALS = (1.5, 5)  # seconds, of p50 and p95
# So long after it was accepted a job is drawn: the page has long been asking by then.
JOB_S = 6
SLOW = {"call": "job", "action": "slow", "seconds": JOB_S}
SILENT = {"call": "webhook", "action": "none"}
SEEN_MS = 120_000
# Asked for in each frame; the one after it has been painted then.
SEEN = """() => new Promise((seen) => {
  const look = () => {
    const image = document.querySelector("[data-compare] [data-after]");
    const isThere = image?.complete && image.naturalWidth;
    requestAnimationFrame(isThere ? () => seen(Date.now() / 1000) : look);
  };
  look();
})"""
UPSTREAM = "SELECT upstream_id FROM projects_generation WHERE project_id = %s"
STEPS = """
SELECT EXTRACT(EPOCH FROM MIN(event.created_at) FILTER (WHERE event.kind = 'archiving')),
       EXTRACT(EPOCH FROM MIN(event.created_at) FILTER (WHERE event.kind = 'succeeded'))
FROM projects_generationevent AS event JOIN projects_generation AS job ON job.id = generation_id
WHERE job.project_id = %s
"""


def measure(bench: Bench) -> Iterator[Row]:
    count = bench.size.waits
    with visitor(bench.stack) as someone:
        called = _waits(someone, count, [SLOW])
        polled = _waits(someone, (count + 1) // 2, [SLOW, SILENT])
    bench.stack.set_faults([])
    seen = [waits[-1] for waits in called]
    p50, p95 = percentile(seen, 50), percentile(seen, 95)
    silent = percentile([waits[-1] for waits in polled], 50)
    learnt, archived = (percentile([waits[n] for waits in called], 50) for n in (0, 1))
    yield Row(
        "p50 from the picture's end at iacrea to its being seen, p95",
        f"{p50:.2f} s, {p95:.2f} s ({load()})",
        f"{silent:.2f} s without callbacks",
        goal=f"≤ {GOALS[0]} s, ≤ {GOALS[1]} s",
        met=p50 <= GOALS[0] and p95 <= GOALS[1],
    )
    yield Row("of which until the end was learned, until archived",
              f"{learnt:.2f} s, {archived:.2f} s", "")  # fmt: skip


def _waits(someone: Visitor, count: int, rules: list[dict[str, Any]]) -> list[tuple[float, ...]]:
    """Of each picture: until it was learned, archived, seen."""
    someone.stack.set_faults(rules)
    url = someone.stack.environment["DATABASE_URL"]
    with someone.phone() as page, psycopg.connect(url) as database:
        return [_wait(page, someone.stack, database) for _ in range(count)]


def _wait(page: Page, stack: Stack, database: "psycopg.Connection[Any]") -> tuple[float, ...]:
    project = _ask(page)
    seen: float = page.evaluate(SEEN)
    (upstream_id,) = database.execute(UPSTREAM, [project]).fetchone() or ("",)
    learnt, archived = database.execute(STEPS, [project]).fetchone() or (0, 0)
    database.rollback()  # the next look is a later one
    ended = path_of(stack.var / "emulator", upstream_id).stat().st_mtime
    return tuple(float(at) - ended for at in (learnt, archived, seen))


def _ask(page: Page) -> str:
    """For a picture of the sample garden; the project's page is open then. The project's id."""
    page.goto("/projets/nouveau")
    page.locator("form[action$=exemple] button").tap()
    Easel(page).finger(ring())
    page.get_by_text("Piscine", exact=True).tap()
    page.locator(".confirm button").tap()
    expect(page.locator("section.running")).to_be_visible(timeout=SEEN_MS)
    return page.url.rsplit("/", 1)[1]
