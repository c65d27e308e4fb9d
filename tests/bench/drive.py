"""Jobs through the whole product, by its HTTP door; what became of them is read in its database."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Self

import psycopg

from tests.bench.bench import unique
from tests.conftest import SIZE, mask_bytes, photo_bytes
from tests.servers import serving
from tests.stack import Stack

ENDED = "SELECT COUNT(*) FROM projects_generation WHERE agency_id = %s AND ended_at IS NOT NULL"
CANNED: Any = {"picture": "canned", "rules": []}
LOOK_S = 0.1
STUCK_S = 120


class Driver:
    """One agency, and a server of its photo and mask."""

    def __init__(self, stack: Stack, photos: int) -> None:
        self.stack = stack
        self._photos = photos
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        self.stack.set_faults(CANNED)
        name = unique("driver")
        self._agency = self.stack.create_agency(name, f"{name}@example.org", photos=self._photos)
        files = {"/photo.jpg": photo_bytes(), "/mask.png": mask_bytes()}
        self._garden = self._cleanup.enter_context(serving(dict(files)))
        url = self.stack.environment["DATABASE_URL"]
        self._database = self._cleanup.enter_context(psycopg.connect(url, autocommit=True))
        return self

    def __exit__(self, *_error: object) -> None:
        self._cleanup.close()

    @property
    def agency_id(self) -> str:
        return self._agency["agency_id"]

    def run(self, jobs: int, *, at_once: int) -> float:
        """So many jobs from start to end, a few at a time; returns seconds."""
        start, before = time.monotonic(), self.ended()
        for number in range(jobs):
            self._generate()
            self._wait(before + number + 1 - at_once)
        self._wait(before + jobs)
        return time.monotonic() - start

    def ended(self) -> int:
        return int(self.query(ENDED, self.agency_id)[0][0])

    def query(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        return self._database.execute(sql.encode(), values).fetchall()

    def _generate(self) -> None:
        fields = {
            "user_id": self._agency["iacrea_user_id"],
            "image_url": f"{self._garden.origin}/photo.jpg",
            "mask_url": f"{self._garden.origin}/mask.png",
            "room_type": "TERRACE",
            "width": SIZE[0],
            "height": SIZE[1],
        }
        answer = self.stack.call("create_exterior/generate", fields, key=self._agency["api_key"])
        assert answer.status_code == 200, answer.text

    def _wait(self, ended: int) -> None:
        end = time.monotonic() + STUCK_S
        while self.ended() < ended:
            assert time.monotonic() < end, self.stack.logs()
            time.sleep(LOOK_S)
