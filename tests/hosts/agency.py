"""An agency's own software at work: every moment it asks for a picture, as one does who must not
lose it: again, under the same Idempotency-Key, until somebody answers; then it asks how it is."""

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from tests.chaos.clients import Caller
from tests.chaos.office import SIZE, Office

EVERY_S = 1.5
ANSWER_S = 5.0
AGAIN_S = 0.5
AT_ONCE = 40


@dataclass
class Wish:
    """Moments in monotonic seconds; infinity, as long as it has not come."""

    asked: float
    accepted: float = float("inf")
    ended: float = float("inf")
    status: str = ""
    job: str = ""
    tries: int = 0


class Agency:
    def __init__(self, origin: str, caller: Caller, office: Office) -> None:
        self._origin, self._caller, self._office = origin, caller, office
        self.wishes: list[Wish] = []
        self.answers: dict[str, set[str]] = defaultdict(set)  # ids, by Idempotency-Key
        self.wrong: list[str] = []
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._clock = threading.Thread(target=self._wish_on)

    def start(self) -> None:
        self._clock.start()

    def first_picture(self, within_s: float = 90) -> None:
        end = time.monotonic() + within_s
        while not any(wish.status == "SUCCEEDED" for wish in self.wishes):
            assert time.monotonic() < end, "no picture, though nothing has happened"
            time.sleep(0.2)

    def stop_wishing(self) -> None:
        self._ended.set()
        self._clock.join()

    def wait(self) -> None:
        """Until each wish has its end, however late."""
        self._pool.shutdown()

    def _wish_on(self) -> None:
        while not self._ended.wait(EVERY_S):
            wish = Wish(time.monotonic())
            self.wishes.append(wish)
            self._pool.submit(self._see_through, wish)

    def _see_through(self, wish: Wish) -> None:
        key = str(uuid4())
        while not wish.job and wish.tries < 200:
            wish.tries += 1
            answer = self._call("generate", self._fields(), {"Idempotency-Key": key})
            if answer and "generation_id" in answer:
                wish.accepted, wish.job = time.monotonic(), answer["generation_id"]
                self.answers[key].add(wish.job)
            else:
                time.sleep(AGAIN_S)
        while wish.job and wish.status not in ("SUCCEEDED", "FAILED"):
            time.sleep(AGAIN_S)
            answer = self._call("get", {"generation_id": wish.job}, {})
            wish.status = answer["status"] if answer else ""
        wish.ended = time.monotonic()

    def _fields(self) -> dict[str, Any]:
        office = self._office.origin
        return {
            "image_url": f"{office}/photo.png", "mask_url": f"{office}/mask.png",
            "webhook": f"{office}/hook", "room_type": "POOL",
            "width": SIZE[0], "height": SIZE[1],
        }  # fmt: skip

    def _call(
        self, name: str, fields: dict[str, Any], headers: dict[str, str]
    ) -> dict[str, Any] | None:
        """None: nobody answered, or asked for patience."""
        try:
            answer = requests.post(
                f"{self._origin}/api/create_exterior/{name}",
                json={"user_id": self._caller.user_id, **fields},
                headers={"x-api-key": self._caller.key, "Connection": "close", **headers},
                timeout=ANSWER_S,
            )
        except requests.RequestException:
            return None
        if answer.status_code == 200:
            return dict(answer.json())
        if answer.status_code <= 500 and "Retry-After" not in answer.headers:
            self.wrong.append(f"{name} answered {answer.status_code}: {answer.text[:200]}")
        return None
