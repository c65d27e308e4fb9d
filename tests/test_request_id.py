"""X-Request-Id: one name for a call, in its answer and in what it logs."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.test import Client

from integrations.doors.request_id import NamesRequest, current, named
from projects import lifecycle
from projects.pipeline.names import name_of
from tests.conftest import Cast
from tests.projects.jobs import unconfirmed

NAME = "order-17.b_3"


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/account/credit", "/callbacks/x"])
def test_each_answer_has_a_name(client: Client, db: None, path: str) -> None:
    names = {client.post(path)["X-Request-Id"] for _ in range(2)}
    assert len(names) == 2 and all(len(name) == 32 for name in names)


@pytest.mark.parametrize("name", [NAME, "x" * 64])
def test_it_is_the_callers(client: Client, name: str) -> None:
    assert client.get("/healthz", headers={"x-request-id": name})["X-Request-Id"] == name


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "<b>", "é", "a\r\nb", "a\n", "a/b"])
def test_unless_it_is_none(client: Client, name: str) -> None:
    answer = client.get("/healthz", headers={"x-request-id": name})
    assert answer["X-Request-Id"] != name and len(answer["X-Request-Id"]) == 32


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The lines of a handler like ours."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    made: Any = project_settings.LOGGING
    line = made["formatters"]["line"]
    handler.setFormatter(logging.Formatter(line["format"], line["datefmt"], line["style"]))
    handler.addFilter(NamesRequest())
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def test_its_lines_have_the_name(client: Client, db: None, log: io.StringIO) -> None:
    client.post("/api/account/credit", headers={"x-request-id": NAME})
    logging.getLogger("afterwards").warning("of no call")
    lines = log.getvalue().splitlines()
    assert f"WARNING django.request [{NAME}]: Unauthorized: /api/account/credit" in lines[0]
    assert lines[-1].endswith("WARNING afterwards: of no call") and current.get() == ""


def test_a_line_says_its_offset(log: io.StringIO) -> None:
    logging.getLogger("afterwards").warning("of no call")
    moment = datetime.fromisoformat(log.getvalue().split(" ", 1)[0])
    assert abs(datetime.now(UTC) - moment).total_seconds() < 60


def test_a_late_success_keeps_the_name_of_the_job_that_failed(alice: Cast) -> None:
    with named(NAME):
        job = unconfirmed(alice)
    assert lifecycle.expire(job)
    with named(name_of(job)):
        second = lifecycle.recover(job, "late-1", ["https://iacrea.example/late.png"])
    assert second and name_of(second) == NAME


def test_an_error_of_ours_has_it_too(
    alice: Cast, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A route that cannot be loaded: what Django makes of it passes through the name as well."""
    monkeypatch.setattr(project_settings, "ROOT_URLCONF", "tests.servers")
    client = Client(raise_request_exception=False)
    answer = client.get("/", headers={"x-request-id": NAME})
    assert (answer.status_code, answer["X-Request-Id"]) == (500, NAME)
    assert f"[{NAME}]" in log.getvalue()
