"""The doorbell under 200 calls a second: p99 of a real web process, beside one that does nothing.

The worker stands still, for on a machine of two cores it would be measured instead.
"""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from urllib.parse import urlsplit

from tests.bench.bench import Bench
from tests.bench.processes import TICKS, cpu_seconds
from tests.bench.report import Row
from tests.bench.rounds import alternate, percentile
from tests.bench.sizes import Size
from tests.stack import Stack

PER_SECOND = 200
THREADS = 32
GOAL_S = 0.1
BODY = json.dumps({"status": "SUCCEEDED", "urls": [], "variationNumber": 0}).encode()
MAKE = "import json; from tests.bench import ringable; print(json.dumps(ringable.tokens({})))"


def measure(bench: Bench) -> Iterator[Row]:
    stack, size = bench.stack, bench.size
    stack.stop_process("worker")
    try:
        made = stack.manage("shell", "--no-imports", "-c", MAKE.format(size.tokens))
        paths = cycle([f"/callbacks/{token}" for token in json.loads(made)])
        yield _cost(stack, paths, size)
        yield _lateness(stack, paths, size)
    finally:
        stack.processes["worker"].start()


def _cost(stack: Stack, paths: Iterator[str], size: Size) -> Row:
    """What the machine is busy with besides makes it no dearer."""
    count = size.tokens
    pairs = alternate(
        lambda: milliseconds(stack, "POST", list(islice(paths, count)), 204),
        lambda: milliseconds(stack, "GET", ["/healthz"] * count, 200),
        size.rounds,
    )
    return Row(
        "CPU of the web process for a callback",
        f"{percentile(pairs.ours, 50):.1f} ms",
        f"{percentile(pairs.rival, 50):.1f} ms, /healthz",
        f"{pairs.ratio:.1f}",
    )


def _lateness(stack: Stack, paths: Iterator[str], size: Size) -> Row:
    count = int(PER_SECOND * size.seconds)
    pairs = alternate(
        lambda: p99(stack, "POST", list(islice(paths, count)), 204),
        lambda: p99(stack, "GET", ["/healthz"] * count, 200),
        size.rounds,
    )
    ours, floor = percentile(pairs.ours, 50), percentile(pairs.rival, 50)
    return Row(
        f"p99 of a callback at {PER_SECOND} calls/s",
        f"{ours * 1000:.0f} ms",
        f"{floor * 1000:.0f} ms, /healthz",
        f"{pairs.ratio:.1f}",
        f"≤ {GOAL_S * 1000:.0f} ms",
        ours <= GOAL_S,
    )


def milliseconds(stack: Stack, method: str, paths: Sequence[str], status: int) -> float:
    """One call after the other, in CPU of the server."""
    web, address = stack.processes["web"].child, str(urlsplit(stack.url).netloc)
    assert web
    before = cpu_seconds(web.pid)
    for path in paths:
        assert _status(address, method, path) == status
    used = max(cpu_seconds(web.pid) - before, 1 / TICKS)  # less than a tick is not seen
    return used / len(paths) * 1000


def p99(stack: Stack, method: str, paths: Sequence[str], status: int) -> float:
    """Of calls that come at their time whether the one before was answered or not, counted from
    that time: a server that stalls cannot slow down who measures it."""
    address, begin = str(urlsplit(stack.url).netloc), time.monotonic() + 0.1

    def call(number: int) -> float:
        due = begin + number / PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        assert _status(address, method, paths[number]) == status
        return time.monotonic() - due

    with ThreadPoolExecutor(THREADS) as pool:
        return percentile(list(pool.map(call, range(len(paths)))), 99)


def _status(address: str, method: str, path: str) -> int:
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request(method, path, BODY if method == "POST" else None)
        return connection.getresponse().status
    finally:
        connection.close()
