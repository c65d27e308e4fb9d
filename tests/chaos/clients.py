"""The agencies' own software: it posts jobs, asks how they are, and listens for their ends."""

import random
import threading
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import requests
from PIL import Image

from tests.servers import Reply, Request, Server

SIZE = (96, 72)
RANK = {"STARTING": 0, "PROCESSING": 1, "SUCCEEDED": 2, "FAILED": 2}
AT_ONCE = 6
GETS_PER_S = 25


@dataclass(frozen=True)
class Caller:
    key: str
    user_id: str


class Office(Server):
    """Where photos lie, and where webhooks arrive: `ends` counts the calls for each job."""

    def __init__(self) -> None:
        self.photo, self.mask = _png("RGB", (90, 130, 60)), _png("L", 255)
        self.ends: dict[str, list[str]] = {}
        super().__init__(self._answer)

    def _answer(self, request: Request) -> Reply:
        if request.method == "POST":
            self.ends.setdefault(request.json()["generation_id"], []).append(
                request.headers["webhook-id"]
            )
            return Reply(204)
        files = {"/photo.png": self.photo, "/mask.png": self.mask, "/text.png": b"no picture"}
        if request.path == "/slow.png":
            return Reply(hang=True)
        body = files.get(request.path)
        return Reply(body=body) if body else Reply(404)


class Clients:
    """Posts until it was told to stop; `wrong` is what no client may ever see."""

    def __init__(self, origin: str, callers: list[Caller], office: Office, seed: int) -> None:
        self.origin = origin
        self.callers = callers
        self.office = office
        self.wrong: list[str] = []
        self.refused: dict[int, int] = {}
        self.jobs: dict[str, tuple[Caller, str]] = {}  # and the last word heard
        self.done: dict[str, Caller] = {}
        self.may_post = threading.Event()
        self.ended = threading.Event()
        posts = [
            threading.Thread(target=self._post_on, args=(random.Random(seed * 100 + number),))
            for number in range(AT_ONCE)
        ]
        self._threads = [*posts, threading.Thread(target=self._ask_on)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.ended.set()
        self.may_post.set()
        for thread in self._threads:
            thread.join()

    def _post_on(self, chance: random.Random) -> None:
        while self.may_post.wait() and not self.ended.is_set():
            caller = chance.choice(self.callers)
            call, fields = self._wish(caller, chance)
            if answer := self._call(caller, call, fields):
                self.jobs[answer["generation_id"]] = (caller, "STARTING")
            time.sleep(0.05)

    def _wish(self, caller: Caller, chance: random.Random) -> tuple[str, dict[str, Any]]:
        wish = {
            "room_type": chance.choice(["TERRACE", "POOL", "PETANQUE"]),
            "mask_url": f"{self.office.origin}/mask.png",
            "webhook": f"{self.office.origin}/hook",
        }
        mine = [job for job, owner in list(self.done.items()) if owner == caller]
        if mine and chance.random() < 0.15:
            earlier = {
                "generation_id": chance.choice(mine),
                "original_url": f"{self.office.origin}/photo.png",
            }
            return "generate-variation", {**wish, **earlier}
        names = ["photo", "nowhere", "text", "slow"]
        name = chance.choices(names, weights=[96, 1.5, 1.5, 1])[0]
        photo = {"image_url": f"{self.office.origin}/{name}.png"}
        return "generate", {**wish, **photo, "width": SIZE[0], "height": SIZE[1]}

    def _ask_on(self) -> None:
        """One after another, over all that have not ended."""
        while not self.ended.is_set():
            for job, (caller, before) in list(self.jobs.items()):
                if self.ended.is_set():
                    return
                if answer := self._call(caller, "get", {"generation_id": job}):
                    self._hear(job, caller, before, answer)
                time.sleep(1 / GETS_PER_S)
            time.sleep(0.2)

    def _hear(self, job: str, caller: Caller, before: str, answer: dict[str, Any]) -> None:
        word = answer["status"]
        if RANK.get(word, -1) < RANK[before]:
            self.wrong.append(f"job {job} was {before}, then {word}")
        if ("urls" in answer) != (word == "SUCCEEDED"):
            self.wrong.append(f"job {job} is {word}, with these fields: {sorted(answer)}")
        if RANK.get(word) == 2:
            del self.jobs[job]
            if word == "SUCCEEDED":
                self.done[job] = caller
        else:
            self.jobs[job] = (caller, word)

    def _call(self, caller: Caller, name: str, fields: dict[str, Any]) -> dict[str, Any] | None:
        body = {"user_id": caller.user_id, **fields}
        try:
            answer = requests.post(
                f"{self.origin}/api/create_exterior/{name}",
                json=body,
                headers={"x-api-key": caller.key},
                timeout=20,
            )
        except requests.RequestException:
            return None  # the web process was killed: whether it took the job, its rows tell
        if answer.status_code == 200:
            return dict(answer.json())
        self._note_refusal(name, answer)
        return None

    def _note_refusal(self, name: str, answer: requests.Response) -> None:
        code = answer.status_code
        self.refused[code] = self.refused.get(code, 0) + 1
        if code not in (402, 409, 503):
            self.wrong.append(f"{name} answered {code}: {answer.text[:200]}")


def _png(mode: str, colour: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, SIZE, colour).save(out, "PNG")
    return out.getvalue()
