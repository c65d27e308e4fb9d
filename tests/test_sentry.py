"""SENTRY_DSN: a server that listens as Sentry does is told of errors, and of nobody."""

import gzip
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import run_checks

from config import sentry
from tests.servers import Reply, Request, Server
from tests.stack import ROOT

pytestmark = pytest.mark.processes
ACCOUNT = "8e1d7c2b-5a4f-4b3c-9d2e-1f0a9b8c7d6e"
CANARY, MAIL = "canary0secret", "claire.petit@example.org"


def broken(dsn: str) -> str:
    """What tests/crashing.py printed, once its process has ended and told what it had to tell."""
    environment = {
        **os.environ, "SENTRY_DSN": dsn, "SENTRY_ENVIRONMENT": "trial", "SENTRY_RELEASE": "1.2.3",
        "ACCOUNT": ACCOUNT, "CANARY": CANARY, "MAIL": MAIL,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-m", "tests.crashing"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def body_of(request: Request) -> str:
    packed = request.headers.get("content-encoding") == "gzip"
    return (gzip.decompress(request.body) if packed else request.body).decode()


def events(server: Server) -> list[dict[str, Any]]:
    """Each envelope is lines of JSON: its header, then a header and a body for each item."""
    lines = [line for request in server.requests for line in body_of(request).splitlines()]
    return [
        found for line in lines if "event_id" in (found := json.loads(line)) and "level" in found
    ]


def test_an_error_arrives_and_nobody_with_it() -> None:
    with Server(lambda _request: Reply.json({})) as server:
        assert broken(server.origin.replace("http://", "http://public@") + "/7") == "True"
        found = events(server)
    assert {request.path for request in server.requests} == {"/api/7/envelope/"}
    raised, told = found
    (value,) = raised["exception"]["values"]
    assert value["type"] == "RuntimeError"
    assert value["value"] == "no photo at [address] for [mail] with [word]"
    assert value["stacktrace"]["frames"][-1]["function"] == "breaks"
    assert raised["transaction"] == "/m/{token}/broken"
    assert (raised["environment"], raised["release"]) == ("trial", "1.2.3")
    assert raised["tags"] == {"request_id": "order-17"}
    alert = f"ALERT account_paused account={ACCOUNT} reason=refused for [mail] at [address]"
    assert told["logentry"]["message"] == alert
    everything = "".join(map(body_of, server.requests))
    for secret in (CANARY, MAIL):
        assert secret not in everything
    assert not {"request", "user", "breadcrumbs", "extra", "modules"} & {*raised, *told}


def test_without_one_the_library_is_not_loaded() -> None:
    assert broken("") == "False"


def test_the_check_asks_for_the_library(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> bool:
        told = run_checks(include_deployment_checks=True)
        return "parterre.E008" in {message.id for message in told}

    settings.SENTRY_DSN = "https://public@sentry.example/7"
    assert not asked(), "it is installed here"
    monkeypatch.setattr(sentry, "is_installed", lambda: False)
    assert asked()
    settings.SENTRY_DSN = ""
    assert not asked()
