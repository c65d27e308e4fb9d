"""What all hosts share, real: PostgreSQL, Redis, an S3 server and iacrea's emulator."""

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from config.supervise import manage
from tests import postgres, redis_server
from tests.hosts.ground import ROOM
from tests.stack import answers, wait_until

START_S = 60
BUCKET = "parterre"
POSTGRES_PORT, REDIS_PORT, S3_PORT, EMULATOR_PORT = 5432, 6379, 5000, 8001
# What PostgreSQL may lose when the machine dies; it is only restarted here.
MACHINE_STAYS_UP = ["fsync=off", "full_page_writes=off"]
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class Services:
    def __init__(self, var: Path) -> None:
        self._var = var
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.emulator_state = var / "emulator"
        self._folder = var / "postgres"
        self._folder.mkdir()
        shutil.chown(self._folder, **postgres.unprivileged())
        self._password = secrets.token_hex()

    @property
    def environment(self) -> dict[str, str]:
        """As parterre.env of each host says."""
        return {
            "DATABASE_URL": f"{self._origin}/{postgres.NAME}",
            "CACHE_URL": f"redis://{ROOM}:{REDIS_PORT}/0",
            "STORAGE_URL": f"s3://{BUCKET}?endpoint=http://{ROOM}:{S3_PORT}&region=us-east-1",
            "EMULATOR_URL": f"http://{ROOM}:{EMULATOR_PORT}",
            **KEYS,
        }

    @property
    def _origin(self) -> str:
        return f"postgres://{postgres.NAME}:{self._password}@{ROOM}:{POSTGRES_PORT}"

    def start(self) -> None:
        self._binaries = postgres.find_binaries(self._folder)
        postgres.initialise(self._binaries, self._folder, self._password)
        with (self._folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/16 scram-sha-256\n")
        self.start_postgres()
        url, log = f"{self._origin}/postgres", self._folder / "log"
        postgres.create_database(url, self._running["postgres"], log)
        self.start_redis()
        self._start_s3()

    def start_postgres(self) -> None:
        listen = [f"listen_addresses={ROOM}", *MACHINE_STAYS_UP]
        self._running["postgres"] = postgres.start(
            self._binaries, self._folder, POSTGRES_PORT, listen
        )

    def stop_postgres(self) -> None:
        postgres.stop(self._running.pop("postgres"))

    def start_redis(self) -> None:
        options = [
            "--bind",
            ROOM,
            "--port",
            str(REDIS_PORT),
            "--save",
            "",
            "--protected-mode",
            "no",
        ]
        self._start("redis", [redis_server.find(), *options])

    def kill_redis(self) -> None:
        process = self._running.pop("redis")
        process.kill()
        process.wait()

    def _start_s3(self) -> None:
        moto = Path(sys.executable).with_name("moto_server")
        self._start("s3", [str(moto), "-H", ROOM, "-p", str(S3_PORT)])
        s3 = boto3.client(
            "s3", endpoint_url=f"http://{ROOM}:{S3_PORT}", region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(connect_timeout=2, retries={"total_max_attempts": 1}),
        )  # fmt: skip
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with suppress(BotoCoreError, ClientError):
                s3.create_bucket(Bucket=BUCKET)
                return
            time.sleep(0.2)
        raise RuntimeError("the S3 server does not answer")

    def start_emulator(self) -> None:
        argv = manage(
            "emulator", "--host", ROOM, "--port", str(EMULATOR_PORT), "--delay", "1",
            "--photos", "1000000", "--state", str(self.emulator_state),
            "--faults", str(self._var / "faults.json"),
        )  # fmt: skip
        (self._var / "faults.json").write_text('{"picture": "canned", "rules": []}')
        self._start("emulator", argv)
        wait_for(f"http://{ROOM}:{EMULATOR_PORT}/healthz")

    def _start(
        self, name: str, argv: Sequence[str], environment: dict[str, str] | None = None
    ) -> None:
        with (self._var / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                argv, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def stop(self) -> None:
        if "postgres" in self._running:
            self.stop_postgres()
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(30)


def wait_for(url: str) -> None:
    wait_until(lambda: answers(url), START_S, lambda: f"{url} does not answer")
