"""What Chromium itself notes of a page: how long each touch took until it was seen, and what the
page's own thread was busy with.

Times are the browser's: of a touch, from its arrival to the frame on the screen that shows it (its
trace event `EventLatency`); of a task, the time on a processor. A task that had to wait, because
the machine did something else, is not longer by that.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser

Event = dict[str, Any]
WANTED = ["input.scrolling", "toplevel"]
LONG_MS = 50  # as the Long Tasks API has it


@dataclass
class Trace:
    events: list[Event] = field(default_factory=list)

    def latencies(self, kind: str) -> list[float]:
        """Milliseconds of each event of a kind, such as TOUCH_MOVED."""
        begun, found = {}, []
        for event in self._named("EventLatency"):
            key = (event["pid"], str(event.get("id") or event.get("id2")))
            if event["ph"] == "b":
                begun[key] = event
            elif event["ph"] == "e" and key in begun:
                found.append((begun.pop(key), event))
        return [_ms(e["ts"] - b["ts"]) for b, e in found if kind in (_kind(b), _kind(e))]

    def tasks(self) -> list[float]:
        """Milliseconds of a processor for each task of the pages' threads."""
        mine = {
            (event["pid"], event["tid"])
            for event in self._named("thread_name")
            if event["args"]["name"] == "CrRendererMain"
        }
        runs = self._named("ThreadControllerImpl::RunTask")
        return [_ms(e.get("tdur", 0)) for e in runs if (e["pid"], e["tid"]) in mine]

    def _named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.get("name") == name]


@asynccontextmanager
async def traced(browser: Browser) -> AsyncIterator[Trace]:
    """What happens inside; the trace is there once it was left."""
    session, trace, done = await browser.new_browser_cdp_session(), Trace(), asyncio.Event()
    session.on("Tracing.dataCollected", lambda told: trace.events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _told: done.set())
    await session.send("Tracing.start", {"traceConfig": {"includedCategories": WANTED}})
    yield trace
    await session.send("Tracing.end")
    await done.wait()
    await session.detach()


def long_ones(tasks: Sequence[float]) -> int:
    return sum(1 for task in tasks if task > LONG_MS)


def _kind(event: Event) -> str:
    return str(event.get("args", {}).get("event_latency", {}).get("event_type", ""))


def _ms(microseconds: float) -> float:
    return microseconds / 1000
