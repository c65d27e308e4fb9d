"""Who dies when: orders at the failpoints, each as often as the others, and strokes at random."""

import os
import random
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import orders
from tests.chaos.failpoints import NAMES

# For a failpoint that is seldom reached, or, with callbacks off, never.
PATIENCE = 1.5
SLEEP_S = (1.0, 14.0)  # the longest is beyond a lease


@dataclass
class Killer:
    """`roots` are the pids of the processes that may be struck, with all below them."""

    folder: Path
    seed: int
    each: int  # orders for each failpoint
    strikes: int
    asleep: float  # the share of them that are stopped for a while, and not killed
    over_s: float
    roots: Callable[[], list[int]]
    crash_database: Callable[[], None]
    struck: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._asleep: dict[int, float] = {}  # pids, and until when
        self._striking = threading.Thread(target=self._strike_on)
        self._waking = threading.Thread(target=self._wake_on, daemon=True)

    def start(self) -> None:
        self._striking.start()
        self._waking.start()

    @property
    def is_done(self) -> bool:
        return not self._striking.is_alive()

    def stop(self) -> None:
        """No more strokes; who sleeps is woken when its time is over."""
        self.ended.set()
        self._striking.join()
        while self._asleep:
            time.sleep(0.2)

    def _strike_on(self) -> None:
        deeds = [*NAMES * self.each, *["random"] * self.strikes]
        self._chance.shuffle(deeds)
        waiting, pace = deque(deeds), len(deeds) / self.over_s
        end = time.monotonic() + PATIENCE * self.over_s
        while waiting and time.monotonic() < end:
            if self.ended.wait(self._chance.expovariate(pace)):
                return
            deed = waiting.popleft()
            if (self.folder / deed).exists():  # nobody has obeyed the order before
                waiting.append(deed)
            else:
                self._strike(deed)

    def _strike(self, deed: str) -> None:
        if deed != "random":
            orders.place(self.folder, deed, self._sleep())
        elif self._chance.random() < 0.1:
            self.crash_database()
            self.struck.append("database")
        else:
            self._strike_at_random()

    def _strike_at_random(self) -> None:
        pid, seconds = self._chance.choice(list(_family(self.roots()))), self._sleep()
        with suppress(ProcessLookupError):  # it was quicker
            self.struck.append(_name(pid))
            os.kill(pid, signal.SIGSTOP if seconds else signal.SIGKILL)
        if seconds:
            self._asleep[pid] = time.monotonic() + seconds

    def _sleep(self) -> float:
        stops = self._chance.random() < self.asleep
        return self._chance.uniform(*SLEEP_S) if stops else 0.0

    def _wake_on(self) -> None:
        seen = 0
        while True:
            found = orders.hits(self.folder)
            for hit in found[seen:]:
                if hit.seconds:
                    self._asleep[hit.pid] = time.monotonic() + hit.seconds
            seen = len(found)
            for pid, end in list(self._asleep.items()):
                if time.monotonic() >= end:
                    with suppress(ProcessLookupError):  # the supervisor has ended it meanwhile
                        os.kill(pid, signal.SIGCONT)
                    del self._asleep[pid]
            time.sleep(0.2)


def _family(roots: list[int]) -> Iterator[int]:
    for pid in roots:
        yield pid
        with suppress(FileNotFoundError, ProcessLookupError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            yield from _family([int(child) for child in children])


def _name(pid: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:60]
    return "gone"
