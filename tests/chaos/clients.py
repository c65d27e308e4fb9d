"""The agencies' own software: it posts jobs, each under a key until it is answered, and asks how
they are."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import requests

from tests.chaos.office import SIZE, Office

Fields = dict[str, Any]
RANK = {"STARTING": 0, "PROCESSING": 1, "SUCCEEDED": 2, "FAILED": 2}
AT_ONCE = 6
GETS_PER_S = 25
# Parts of the posts.
TWICE_AT_ONCE, ONCE_MORE, OTHER_BODY = 0.05, 0.05, 0.02
GIVEN_UP, OK, REUSED = 0, 200, 422
# No photos left, the first picture is not there yet, a key with another body, out of order.
REFUSALS = (402, 409, REUSED, 503)


@dataclass(frozen=True)
class Caller:
    key: str
    user_id: str


class Clients:
    """Posts until it was told to stop; `wrong` is what no client may ever see."""

    def __init__(self, origin: str, callers: list[Caller], office: Office, seed: int) -> None:
        self.origin = origin
        self.callers = callers
        self.office = office
        self.wrong: list[str] = []
        self.refused: Counter[int] = Counter()
        self.repeated = 0
        self.answers: dict[str, set[str]] = defaultdict(set)  # ids, by Idempotency-Key
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
            key = str(UUID(int=chance.getrandbits(128)))
            post = partial(self._post, caller, call, key=key)
            if chance.random() < TWICE_AT_ONCE:
                twin = threading.Thread(target=post, args=(fields,))
                twin.start()
                post(fields)
                twin.join()
            elif (code := post(fields)) == OK:
                self._post_again(post, fields, chance.random())
            elif code == REUSED:
                self.wrong.append(f"a fresh key was said to be used: {key}")
            time.sleep(0.05)

    def _post_again(self, post: Callable[[Fields], int], fields: Fields, chance: float) -> None:
        other = {"room_type": "POOL" if fields["room_type"] != "POOL" else "TERRACE"}
        if chance < ONCE_MORE:
            post(fields)
        elif chance < ONCE_MORE + OTHER_BODY and post({**fields, **other}) not in (
            REUSED,
            GIVEN_UP,
        ):
            self.wrong.append("a key with another body was answered")

    def _post(self, caller: Caller, call: str, fields: Fields, *, key: str) -> int:
        """Until there is an answer, as who must not lose a job does; its code."""
        while not self.ended.is_set():
            answer = self._send(caller, call, fields, {"Idempotency-Key": key})
            if answer is not None and "Retry-After" not in answer.headers:
                self._note_job(caller, call, key, answer)
                return answer.status_code
            self.repeated += 1
            self.ended.wait(0.2)
        return GIVEN_UP

    def _note_job(self, caller: Caller, call: str, key: str, answer: requests.Response) -> None:
        if read := self._read(call, answer):
            job = read["generation_id"]
            self.answers[key].add(job)
            if job not in self.done:
                self.jobs.setdefault(job, (caller, "STARTING"))

    def _wish(self, caller: Caller, chance: random.Random) -> tuple[str, Fields]:
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

    def _hear(self, job: str, caller: Caller, before: str, answer: Fields) -> None:
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

    def _call(self, caller: Caller, name: str, fields: Fields) -> Fields | None:
        answer = self._send(caller, name, fields, {})
        return None if answer is None else self._read(name, answer)

    def _send(
        self, caller: Caller, name: str, fields: Fields, headers: dict[str, str]
    ) -> requests.Response | None:
        """None when the web process was killed: whether it took a job, its rows tell."""
        try:
            return requests.post(
                f"{self.origin}/api/create_exterior/{name}",
                json={"user_id": caller.user_id, **fields},
                headers={"x-api-key": caller.key, **headers},
                timeout=20,
            )
        except requests.RequestException:
            return None

    def _read(self, name: str, answer: requests.Response) -> Fields | None:
        code = answer.status_code
        if code == OK:
            return dict(answer.json())
        self.refused[code] += 1
        if code not in REFUSALS:
            self.wrong.append(f"{name} answered {code}: {answer.text[:200]}")
        return None
