"""For load balancers: /healthz says that the process is up, /readyz that it can serve."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import sweeper
from projects.models import Lease

ROOT = Path(__file__).resolve().parent.parent
SHAPE = {"ready", "database", "triggers", "sweeper", "canary_age_s"}
READY = {
    "ready": True, "database": True, "triggers": True, "sweeper": True, "canary_age_s": None,
}  # fmt: skip


@pytest.fixture
def running(db: None) -> None:
    assert sweeper.acquire()


def test_healthz_asks_no_database(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/healthz")
    assert answer.status_code == 200 and answer.content == b"ok\n"
    assert answer["Content-Type"] == "text/plain" and len(queries) == 0
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_ready(client: Client, running: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json() == READY
    assert client.head("/readyz").status_code == 200
    assert client.post("/readyz").status_code == 405


def test_not_ready_without_a_sweeper(client: Client, db: None) -> None:
    never = client.get("/readyz")
    assert sweeper.acquire()
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for answer in (never, client.get("/readyz")):
        assert answer.status_code == 503
        assert answer.json() == READY | {"ready": False, "sweeper": False}


def without_trigger(name: str) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"DROP TRIGGER {name}"
    else:
        yield f"ALTER TABLE accounts_ledgerentry DISABLE TRIGGER {name}"
        yield f"DROP TRIGGER {name} ON accounts_ledgerentry"


@pytest.mark.parametrize("name", ["ledger_no_update", "ledger_no_delete"])
def test_not_ready_when_the_ledger_could_be_changed(
    name: str, client: Client, running: None
) -> None:
    for statement in without_trigger(name):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        say_not_ready(client)


def say_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == READY | {"ready": False, "triggers": False}


NO_DATABASE = """
import django
django.setup()
from django.test import Client
for path in ("/healthz", "/readyz"):
    answer = Client().get(path)
    print(answer.status_code, answer.content.decode().strip())
"""


def test_the_database_does_not_answer() -> None:
    nobody = "postgres://nobody:nothing@127.0.0.1:1/nowhere"
    environment = {
        **os.environ, "DATABASE_URL": nobody, "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    run = [sys.executable, "-c", NO_DATABASE]
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    health, ready = result.stdout.splitlines()
    assert health == "200 ok"
    nothing = dict.fromkeys(READY, False) | {"canary_age_s": None}
    assert ready == f"503 {json.dumps(nothing)}"
    assert "does not answer" in result.stderr and "Traceback" not in result.stderr


OUTAGE = """
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
from accounts.keys import _checksum
body = "prt_live_" + 43 * "a"
key = {"x-api-key": body + _checksum(body)}
path = "/api/create_exterior/get"
print(client.post(path, "{}", content_type="application/json", headers=key).serialize().decode())
client.cookies["sessionid"] = "somebody"
print(client.get("/").serialize().decode())
"""


def test_an_outage_is_no_error_of_ours() -> None:
    nobody = "postgres://nobody:nothing@127.0.0.1:1/nowhere"
    environment = {
        **os.environ, "DATABASE_URL": nobody, "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    run = [sys.executable, "-c", OUTAGE]
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("Retry-After: 5") == 2
    assert '"status":503,"code":"unavailable"' in result.stdout
    assert "nobody" not in result.stdout


def test_the_shape_never_changes(client: Client, running: None) -> None:
    assert client.get("/readyz").json().keys() == SHAPE


def test_probes_come_without_tls(settings: Any, running: None) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert client.get("/")["Location"].startswith("https://")
