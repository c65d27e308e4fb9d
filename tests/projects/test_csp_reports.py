"""A browser tells what it refused by the content policy."""

import json
from typing import Any

import pytest
from django.test import Client

from projects.views import csp_reports

URL = "/csp-reports"
REPORT = {
    "document-uri": "https://parterre.example/projets/nouveau?title=Mme+Martin",
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://evil.example/secret/x.js",
}


@pytest.fixture(autouse=True)
def quiet() -> None:
    csp_reports._told.clear()


def send(client: Client, body: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(URL, text, content_type="application/csp-report")


def test_every_page_says_where_to(client: Client, db: None) -> None:
    for page in ("/comptes/login/", "/s/" + "x" * 32):
        assert f"report-uri {URL}" in client.get(page)["Content-Security-Policy"], page


def test_it_is_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """From another site's page as well, without our token; nobody's words are in it."""
    assert send(Client(enforce_csrf_checks=True), {"csp-report": REPORT}).status_code == 204
    (line,) = [row.getMessage() for row in caplog.records if row.name == csp_reports.__name__]
    assert line == (
        "the content policy refused script-src-elem of 'https://evil.example' on '/projets/nouveau'"
    )


def test_no_line_is_made_up(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    report = {**REPORT, "document-uri": "https://x/a\nERROR all is lost", "blocked-uri": "inline"}
    send(client, {"csp-report": report})
    assert "\n" not in caplog.messages[-1] and "of 'inline' on" in caplog.messages[-1]


@pytest.mark.parametrize(
    "body",
    [
        "", "no json", "[]", '"x"', {}, {"csp-report": []}, {"csp-report": {}}, b"\xff",
        {"csp-report": {**REPORT, "effective-directive": "<b>"}},
        {"csp-report": {**REPORT, "padding": "x" * 9000}},
        {"csp-report": {**REPORT, "document-uri": "https://[x"}},
    ],
)  # fmt: skip
def test_what_is_none_is_refused(client: Client, body: Any) -> None:
    assert send(client, body).status_code == 400


def test_a_flood_fills_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(csp_reports.LINES_A_MINUTE + 10):
        assert send(client, {"csp-report": REPORT}).status_code == 204
    told = [row for row in caplog.records if row.name == csp_reports.__name__]
    assert len(told) == csp_reports.LINES_A_MINUTE
