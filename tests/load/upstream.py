"""An iacrea that costs next to nothing: `python -m tests.load.upstream PORT`.

Each job is done at once and rings once, or, while it is told to hold, when it is let go. It fetches
no photo and draws nothing; it counts what reached it, so that the books can be compared.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.chaos.office import png

# After its answer: the product knows the job by then.
RING_AFTER_S = 0.1
# When many are let go: iacrea's own machines end no more than so many a second.
RINGS_PER_S = 50
Answer = tuple[int, bytes]


class Upstream:
    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.holds = False
        self.jobs: dict[str, str] = {}  # the webhook of each
        self.taken: Counter[str] = Counter()  # by webhook, which each attempt has of its own
        self.done: set[str] = set()
        self.rung = self.gets = self.pictures = 0
        self.picture = png("RGB", (90, 130, 60))
        self._rings: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of a connection after the other."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                body = await reader.readexactly(_length(head))
                status, content = self.answer(head.split(" ", 2)[1], body)
                about = f"Content-Type: {_kind(content)}\r\nContent-Length: {len(content)}"
                writer.write(f"HTTP/1.1 {status} Said\r\n{about}\r\n\r\n".encode() + content)
                await writer.drain()
        writer.close()

    def answer(self, path: str, body: bytes) -> Answer:
        if path.startswith("/results/"):
            self.pictures += 1
            return 200, self.picture
        calls: dict[str, Callable[[Any], Any]] = {
            "generate": self._generate, "get": self._get, "credit": lambda _: _credit(),
            "healthz": lambda _: {}, "hold": self._hold, "let_go": self._let_go,
            "book": lambda _: self._book(),
        }  # fmt: skip
        call = calls.get(path.rsplit("/", 1)[-1])
        return (200, json.dumps(call(json.loads(body or b"{}"))).encode()) if call else (404, b"{}")

    def _generate(self, fields: Any) -> Any:
        job = str(uuid4())
        self.jobs[job] = fields["webhook"]
        self.taken[fields["webhook"]] += 1
        if not self.holds:
            self._end(job, RING_AFTER_S)
        return {"generation_id": job, "project_id": str(uuid4()), "remaining_photos": 1_000_000}

    def _get(self, fields: Any) -> Any:
        self.gets += 1
        return self._state(fields["generation_id"])

    def _state(self, job: str) -> Any:
        if job not in self.done:
            return {"status": "PROCESSING", "variationNumber": 0}
        urls = [f"{self.origin}/results/{job}.png"]
        return {"status": "SUCCEEDED", "urls": urls, "variationNumber": 0}

    def _hold(self, _fields: Any) -> Any:
        self.holds = True
        return {}

    def _let_go(self, _fields: Any) -> Any:
        self.holds = False
        for number, job in enumerate(self.jobs.keys() - self.done):
            self._end(job, number / RINGS_PER_S)
        return {}

    def _book(self) -> Any:
        twice = sum(count > 1 for count in self.taken.values())
        return {"taken": len(self.jobs), "twice": twice, "done": len(self.done),
                "rung": self.rung, "gets": self.gets, "pictures": self.pictures}  # fmt: skip

    def _end(self, job: str, after_s: float) -> None:
        task = asyncio.get_running_loop().create_task(self._ring(job, after_s))
        self._rings.add(task)  # the loop itself keeps no hold of it
        task.add_done_callback(self._rings.discard)

    async def _ring(self, job: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self.done.add(job)
        self.rung += await _post(self.jobs[job], json.dumps(self._state(job)).encode())


async def _post(url: str, body: bytes) -> bool:
    """Whether it was taken."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(head.encode() + body)
        answer = await reader.readline()
        writer.close()
    except OSError:
        return False  # polls make up for it
    return b" 2" in answer


def _credit() -> Any:
    return {"total": 1_000_000, "subscription": 1_000_000, "extra": 0}


def _kind(content: bytes) -> str:
    return "image/png" if content.startswith(b"\x89PNG") else "application/json"


def _length(head: str) -> int:
    lines = head.lower().split("\r\n")
    return next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)


async def main(port: int) -> None:
    serve: Callable[..., Awaitable[None]] = Upstream(port).serve
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
