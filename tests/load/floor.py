"""The least that a job costs: the same calls and as many commits, in a bare loop.

`python -m tests.load.floor ORIGIN DATABASE_URL`, one of a crew: each line is how many jobs to do.
"""

import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg
import requests

TABLES = """
CREATE TABLE IF NOT EXISTS load_floor (id uuid PRIMARY KEY, state text, upstream_id text);
CREATE TABLE IF NOT EXISTS load_floor_line (id bigserial PRIMARY KEY, job uuid, kind text);
"""
ADD = "INSERT INTO load_floor VALUES (%s, 'queued')"
SENT = "UPDATE load_floor SET state = 'sent', upstream_id = %s WHERE id = %s"
ENDED = "UPDATE load_floor SET state = 'ended' WHERE id = %s"
LINE = "INSERT INTO load_floor_line (job, kind) VALUES (%s, %s)"


class Floor:
    def __init__(self, origin: str, database_url: str, folder: Path) -> None:
        self._origin, self._folder = origin, folder
        self._http = requests.Session()
        self._database = psycopg.connect(database_url)

    def job(self) -> None:
        """Accepted, claimed, sent, brought home and charged: four commits, three calls."""
        job = uuid4()
        self._commit((ADD, job), (LINE, job, "hold"))
        self._commit((LINE, job, "claimed"))
        webhook = f"{self._origin}/{job}/healthz"
        sent = self._ask("generate", {"user_id": str(uuid4()), "webhook": webhook})
        self._commit((SENT, sent["generation_id"], job), (LINE, job, "sent"))
        self._ask("get", {"generation_id": sent["generation_id"]})
        picture = self._http.get(f"{self._origin}/results/{job}.png", timeout=20)
        (self._folder / f"{job}.png").write_bytes(picture.content)
        self._commit((ENDED, job), (LINE, job, "capture"), (LINE, job, "picture"))

    def _ask(self, call: str, fields: dict[str, str]) -> dict[str, str]:
        return dict(self._http.post(f"{self._origin}/{call}", json=fields, timeout=20).json())

    def _commit(self, *statements: tuple[object, ...]) -> None:
        for sql, *values in statements:
            self._database.execute(str(sql).encode(), values)
        self._database.commit()


def main(origin: str, database_url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="parterre-floor-") as folder:
        floor = Floor(origin, database_url, Path(folder))
        print("ready", flush=True)
        for line in sys.stdin:
            for _ in range(int(line)):
                floor.job()
            print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
