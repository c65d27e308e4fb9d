"""The same call again and again, as an agency's software makes it: connections are kept open."""

import http.client
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

CLIENTS = 4


@dataclass(frozen=True)
class Call:
    """`status` is the one that is expected."""

    method: str
    path: str
    status: int
    key: str = ""
    fields: Mapping[str, Any] | None = None
    shown: str = ""  # the tag of what the client has already


class Caller:
    """One connection."""

    def __init__(self, origin: str) -> None:
        self._connection = http.client.HTTPConnection(str(urlsplit(origin).netloc), timeout=60)

    def make(self, call: Call) -> Any:
        headers = {"Authorization": f"Bearer {call.key}"} if call.key else {}
        if call.shown:
            headers["If-None-Match"] = call.shown
        body = json.dumps(call.fields) if call.fields else None
        if body:
            headers["Content-Type"] = "application/json"
        self._connection.request(call.method, call.path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == call.status, text
        return json.loads(text) if text else None

    def seconds(self, call: Call) -> float:
        begin = time.perf_counter()
        self.make(call)
        return time.perf_counter() - begin

    def close(self) -> None:
        self._connection.close()


def per_second(origin: str, call: Call, seconds: float) -> float:
    """Answers a second to a few clients, each of which asks when it was answered."""

    def rate(_client: int) -> float:
        caller, count = Caller(origin), 0
        caller.make(call)  # a thread's first opens a connection to the database
        begin = time.monotonic()
        while time.monotonic() < begin + seconds:
            caller.make(call)
            count += 1
        caller.close()
        return count / (time.monotonic() - begin)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(rate, range(CLIENTS)))


def uploaded(origin: str, key: str, kind: str, data: bytes) -> str:
    """The id of what an agency sent before."""
    answer = requests.post(
        f"{origin}/api/v1/uploads",
        headers={"Authorization": f"Bearer {key}"},
        data={"kind": kind},
        files={"file": data},
        timeout=30,
    )
    made: dict[str, Any] = answer.json()
    assert answer.status_code == 201, made
    return str(made["id"])
