"""Who speaks iacrea's wire: our own door, the emulator, and iacrea itself when a key is given."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from tests.contract.wire import WIRE, differences
from tests.stack import Stack

ENDED = ("SUCCEEDED", "FAILED")


@dataclass(frozen=True)
class Door:
    """`end_s`: how long a job may take, in seconds; `behind`: the emulator that works for it."""

    name: str
    origin: str
    key: str
    user_id: str
    end_s: float = 60
    behind: str = ""

    def post(self, call: str, fields: dict[str, Any], key: str | None = None) -> requests.Response:
        """`call` is a name of wire.json; only documented fields may be sent."""
        known = {**WIRE[call]["request"], **WIRE[call]["optional"]}
        body = {"user_id": self.user_id, **fields}
        assert body.keys() <= known.keys(), "the test sends what iacrea does not document"
        headers = {"x-api-key": self.key if key is None else key}
        url = self.origin + WIRE[call]["path"]
        return requests.post(url, json=body, headers=headers, timeout=60)

    def ask(self, call: str, fields: dict[str, Any]) -> dict[str, Any]:
        """The answer, which is 200 and has exactly the documented keys and types."""
        answer = self.post(call, fields)
        assert answer.status_code == 200, answer.text
        assert differences(answer.json(), WIRE[call]["response"]) == []
        body: dict[str, Any] = answer.json()
        return body

    def state(self, generation_id: str) -> dict[str, Any]:
        """The answer of `get`, held against the shape that its status has."""
        answer = self.post("get, running", {"generation_id": generation_id})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        shape = body["status"].lower() if body.get("status") in ENDED else "running"
        assert differences(body, WIRE[f"get, {shape}"]["response"]) == []
        return body

    def wait(self, generation_id: str) -> tuple[dict[str, Any], list[str]]:
        """The last state, and the statuses that were seen on the way to it."""
        seen: list[str] = []
        end = time.monotonic() + self.end_s
        while True:
            state = self.state(generation_id)
            seen += [state["status"]] if state["status"] not in seen[-1:] else []
            if state["status"] in ENDED:
                return state, seen
            assert time.monotonic() < end, f"still {state} after {self.end_s} s"
            time.sleep(0.2)


def _ours(stack: Stack) -> Door:
    agency = stack.agency
    return Door(
        "ours", stack.url, agency["api_key"], agency["iacrea_user_id"], behind=stack.emulator
    )


def _emulator(stack: Stack) -> Door:
    return Door("emulator", stack.emulator, "any key", str(uuid4()))


def _iacrea(_stack: Stack) -> Door:
    """Costs photos: IACREA_CONTRACT_KEY and IACREA_CONTRACT_USER_ID."""
    key, user_id = os.environ["IACREA_CONTRACT_KEY"], os.environ["IACREA_CONTRACT_USER_ID"]
    return Door("iacrea", "https://iacrea.com", key, user_id, end_s=1200)


DOORS: dict[str, Callable[[Stack], Door]] = {"ours": _ours, "emulator": _emulator}
if os.environ.get("IACREA_CONTRACT_KEY"):
    DOORS["iacrea"] = _iacrea
