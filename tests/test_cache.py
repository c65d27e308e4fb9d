"""Redis as the cache, a real one; and the table of the database when it is lost."""

import base64
import pickle
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests import redis_server
from tests.conftest import Cast
from tests.ports import free_ports
from tests.stack import wait_until

pytestmark = pytest.mark.django_db


class Redis:
    def __init__(self) -> None:
        self.port = free_ports(1)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self.process = subprocess.Popen(
            [redis_server.find(), *options], stdout=subprocess.DEVNULL, cwd="/"
        )
        client = redis.Redis(port=self.port)
        wait_until(lambda: _answers(client), 20, lambda: "Redis does not answer")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def _answers(client: Any) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


@pytest.fixture
def server(settings: Any) -> Iterator[Redis]:
    server = Redis()
    location = f"redis://127.0.0.1:{server.port}/0"
    settings.CACHES = {
        "default": {"BACKEND": "config.cache.RedisOrTable", "LOCATION": location},
        "table": settings.CACHES["table"],
    }
    call_command("createcachetable", verbosity=0)
    server.start()
    yield server
    server.kill()


def test_the_table_stands_in_and_redis_comes_back(
    server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache = caches["default"]
    cache.set("kept", 1)
    server.kill()
    assert cache.get("kept") is None
    assert cache.add("lost", 2) and not cache.add("lost", 3) and cache.get("lost") == 2
    assert "Redis does not answer (ConnectionError)" in caplog.text
    assert caches["table"].get("lost") == 2
    server.start()
    assert cache.get("lost") is None
    cache.set("kept", 4)
    assert cache.get("kept") == 4 and caches["table"].get("kept") is None


def test_a_sign_in_is_limited_without_redis(server: Redis, alice: Cast, settings: Any) -> None:
    server.kill()
    wrong = {"login": "alice@example.org", "password": "a guess"}
    answers = [Client().post("/comptes/login/", wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers][:5] == [200] * 5
    right = {"login": "alice@example.org", "password": "a password for tests"}
    refused = Client().post("/comptes/login/", right)
    assert refused.status_code != 302, "the sixth try, even a right one, waits"


def test_a_redis_that_is_silent_costs_a_moment(server: Redis) -> None:
    """A host that is frozen takes connections, and answers none."""
    import signal

    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    try:
        assert caches["default"].add("lost", 1) and caches["table"].get("lost") == 1
    finally:
        server.process.send_signal(signal.SIGCONT)


class Planted:
    """A pickle that makes a file in whoever opens it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return Path.touch, (self.file,)


def test_a_pickle_in_redis_is_not_opened(server: Redis, tmp_path: Path) -> None:
    cache, file = caches["default"], tmp_path / "executed"
    redis.Redis(port=server.port).set(cache.make_key("planted"), pickle.dumps(Planted(file)))
    assert cache.get("planted") is None and cache.get("planted", []) == []
    assert not file.exists()
    cache.set("planted", [1.5, True, "é", None, {"a": 1}])
    assert cache.get("planted") == [1.5, True, "é", None, {"a": 1}]
    cache.set("number", 4)
    assert cache.incr("number") == 5 and cache.get("number") == 5


def test_a_pickle_in_the_table_is_not_opened(settings: Any, tmp_path: Path) -> None:
    call_command("createcachetable", verbosity=0)
    cache, file = caches["table"], tmp_path / "executed"
    cache.set("planted", 1)
    value = base64.b64encode(pickle.dumps(Planted(file))).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET value = %s", [value])
    assert cache.get("planted") is None and cache.get("planted", []) == []
    assert not file.exists()
    cache.set("planted", [1.5, True, "é", None])
    assert cache.get("planted") == [1.5, True, "é", None] and not cache.add("planted", 1)
    cache.set("number", 4)
    assert cache.incr("number") == 5 and cache.get("number") == 5
