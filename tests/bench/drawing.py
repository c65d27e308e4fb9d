"""From a finger that moves to what is seen of it, on a phone's processor: the editor with a photo
of 12 megapixels, beside a page with a bare canvas that draws one line a move.

A finger goes round in 300 moves, 120 a second, as a phone's screen reports them, whether the one
before was shown or not.
"""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, StorageState, async_playwright

from tests.bench.bench import Bench
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.bench.sizes import Size
from tests.bench.tracing import LONG_MS, Trace, long_ones, traced
from tests.bench.visitor import FINGER, PHONE, file_of, load, phone_photo, visitor
from tests.chromium import LAUNCH_ARGS, find_chromium

TOOLS = ("lasso", "brush", "eraser")
PER_SECOND = 120
GOAL_MS = 33
SETTLE_MS = 1500
# What follows a gesture: the page's own answer to it is not part of the drawing.
AFTER_MS = 400
BARE = """<!doctype html><meta name="viewport" content="width=device-width">
<canvas width="716" height="537" style="width:358px;touch-action:none"></canvas>
<script>
  const pen = document.querySelector("canvas").getContext("2d");
  pen.lineWidth = 5;
  let last = [0, 0];
  pen.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...(last = [2 * offsetX, 2 * offsetY]));
    pen.stroke();
  });
</script>"""
Place = tuple[float, float]


@dataclass(frozen=True)
class Drawn:
    """Of one gesture: milliseconds from touch to screen, and of the processor for each task."""

    latencies: Sequence[float]
    tasks: Sequence[float]


@dataclass(frozen=True)
class Surface:
    page: Page
    hand: CDPSession
    selector: str

    async def drawn(self, browser: Browser, moves: int) -> Drawn:
        await self.page.bring_to_front()
        await self.page.wait_for_timeout(SETTLE_MS)
        box = await self.page.locator(self.selector).bounding_box()
        assert box
        async with traced(browser) as trace:
            await self._go_round(_way(box, moves))
        await self._touch("End")
        await self.page.wait_for_timeout(AFTER_MS)
        return _drawn(trace)

    async def _go_round(self, way: Sequence[Place]) -> None:
        await self._touch("Start", way[0])
        begin, sent = time.perf_counter(), []
        for number, place in enumerate(way[1:]):
            await asyncio.sleep(max(0.0, begin + number / PER_SECOND - time.perf_counter()))
            sent.append(asyncio.create_task(self._touch("Move", place)))
        await asyncio.gather(*sent)

    async def _touch(self, kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        await self.hand.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )


def measure(bench: Bench) -> Iterator[Row]:
    with visitor(bench.stack) as someone:
        session = someone.session
    drawn = asyncio.run(_measured(bench.stack.url, session, bench.size))
    for tool in TOOLS:
        yield from _rows(
            f"{tool}, processor {bench.size.slower} times slower", drawn[tool], drawn["bare"]
        )


async def _measured(url: str, session: StorageState, size: Size) -> dict[str, list[Drawn]]:
    """Of each tool so many gestures, and of the bare canvas one after each."""
    drawn: dict[str, list[Drawn]] = {name: [] for name in (*TOOLS, "bare")}
    async with async_playwright() as playwright:
        options: Any = {"executable_path": find_chromium(), "args": LAUNCH_ARGS}
        browser = await playwright.chromium.launch(**options)
        editor = await _editor(browser, url, session, size)
        bare = await _bare(browser, size)
        for _ in range(size.rounds):
            for tool in TOOLS:
                await editor.page.locator(f"[data-tool={tool}]").tap()
                drawn[tool].append(await editor.drawn(browser, size.moves))
                drawn["bare"].append(await bare.drawn(browser, size.moves))
        await browser.close()
    return drawn


async def _editor(browser: Browser, url: str, session: StorageState, size: Size) -> Surface:
    """Of a new project whose photo has arrived."""
    options: Any = {**PHONE, **FINGER, "base_url": url, "storage_state": session}
    page = await (await browser.new_context(**options)).new_page()
    await page.goto("/projets/nouveau")
    await page.locator("#id_photo").set_input_files(file_of(phone_photo(size.photo)))
    await page.locator("[data-progress]", has_text="arrivée").wait_for(timeout=120_000)
    await page.locator("mask-editor").scroll_into_view_if_needed()
    return await _slow(page, "mask-editor", size)


async def _bare(browser: Browser, size: Size) -> Surface:
    page = await (await browser.new_context(**PHONE, **FINGER)).new_page()
    await page.set_content(BARE)
    return await _slow(page, "canvas", size)


async def _slow(page: Page, selector: str, size: Size) -> Surface:
    hand = await page.context.new_cdp_session(page)
    await hand.send("Emulation.setCPUThrottlingRate", {"rate": size.slower})
    return Surface(page, hand, selector)


def _way(box: Any, moves: int) -> list[Place]:
    """A wavy ring, not quite closed, that nowhere leaves the box."""
    turns = [1.95 * math.pi * n / moves for n in range(moves + 1)]
    return [
        (
            box["x"] + box["width"] * (0.5 + 0.3 * math.cos(t) * (1 + 0.1 * math.sin(9 * t))),
            box["y"] + box["height"] * (0.5 + 0.3 * math.sin(t) * (1 + 0.1 * math.sin(9 * t))),
        )
        for t in turns
    ]


def _drawn(trace: Trace) -> Drawn:
    return Drawn(trace.latencies("TOUCH_MOVED"), trace.tasks())


def _rows(tool: str, ours: Sequence[Drawn], bare: Sequence[Drawn]) -> Iterator[Row]:
    p95, floor = (_median([percentile(d.latencies, 95) for d in of]) for of in (ours, bare))
    yield Row(
        f"p95 from touch to screen, {tool}",
        f"{p95:.0f} ms ({load()})",
        f"{floor:.0f} ms, a bare canvas",
        f"{p95 / floor:.1f}",
        f"≤ {GOAL_MS} ms",
        p95 <= GOAL_MS,
    )
    longest = max(task for drawn in ours for task in drawn.tasks)
    count = sum(long_ones(drawn.tasks) for drawn in ours)
    yield Row(
        f"tasks above {LONG_MS} ms of processor while drawing, {tool}",
        f"{count}, the longest {longest:.0f} ms",
        f"{max(task for drawn in bare for task in drawn.tasks):.0f} ms, a bare canvas",
        goal="0",
        met=count == 0,
    )


def _median(values: Sequence[float]) -> float:
    return percentile(values, 50)
