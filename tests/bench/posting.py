"""From a post to the answer that accepts it, through the whole product: a worker sends the jobs of
before while others are posted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.bench.bench import Bench, unique
from tests.bench.calls import CLIENTS, Call, Caller, uploaded
from tests.bench.drive import CANNED
from tests.bench.report import Row
from tests.bench.rounds import percentile
from tests.conftest import mask_bytes, photo_bytes
from tests.stack import Stack, wait_until

GOAL_S = 1
QUIET_S = 300
RUNNING = "Generation.objects.filter(ended_at=None, agency__name={!r}).count()"


def measure(bench: Bench) -> Iterator[Row]:
    stack = bench.stack
    stack.set_faults(CANNED)
    name = unique("poster")
    key = stack.create_agency(name, f"{name}@example.org", photos=1_000_000)["api_key"]
    wish = {
        "room_type": "POOL",
        "image": uploaded(stack.url, key, "photo", photo_bytes()),
        "mask": uploaded(stack.url, key, "mask", mask_bytes()),
    }
    times = _posted(stack, Call("POST", "/api/v1/generations", 202, key, wish), bench.size.posts)
    p95 = percentile(times, 95)
    yield Row(
        f"p95 from post to accepted, {CLIENTS} clients, workers at work",
        f"{p95 * 1000:.0f} ms",
        f"{percentile(times, 50) * 1000:.0f} ms is the median",
        goal=f"≤ {GOAL_S} s",
        met=p95 <= GOAL_S,
    )
    # What is measured next has the machine to itself.
    wait_until(lambda: stack.read(RUNNING.format(name)) == "0", QUIET_S, stack.logs)


def _posted(stack: Stack, call: Call, count: int) -> list[float]:
    """Seconds of each; by each client so many, one after the other."""

    def post(_client: int) -> list[float]:
        caller = Caller(stack.url)
        times = [caller.seconds(call) for _ in range(count)]
        caller.close()
        return times

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [seconds for times in pool.map(post, range(CLIENTS)) for seconds in times]
