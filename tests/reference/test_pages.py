"""The pages under /developers/docs/: whole in both languages, and open to everybody."""

import re
import subprocess

import pytest
from django.test import Client

from projects.choices import FailureCode
from projects.photo_problems import TEXTS
from projects.reference.document import document
from projects.reference.errors import ERRORS
from projects.reference.pages import calls_of
from projects.reference.topics import TOPICS

pytestmark = pytest.mark.django_db
ROOT = "/developers/docs/"
PAGES = [ROOT, f"{ROOT}errors", f"{ROOT}webhooks", *(f"{ROOT}{topic.slug}" for topic in TOPICS)]


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest, client: Client) -> str:
    client.cookies["django_language"] = request.param
    return str(request.param)


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_call_is_on_one_page(client: Client, language: str) -> None:
    shown = "".join(read(client, page) for page in PAGES)
    for methods in document(language)["paths"].values():
        for operation in methods.values():
            if operation["operationId"] != "getOpenApi":
                assert shown.count(f'<section class="call" id="{operation["operationId"]}">') == 1


def test_each_page_is_in_its_language_and_runs_no_script(client: Client, language: str) -> None:
    for page in PAGES:
        text = read(client, page)
        assert f'<html lang="{language}">' in text
        assert not re.search(r"<script(?! type=\"module\" src=)|\sstyle=|\son\w+=\"", text)


def test_iacreas_calls_are_told_in_french(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    assert "Compter les photos qui restent" in read(client, f"{ROOT}iacrea")


def test_each_error_has_a_cause_and_a_cure(client: Client, language: str) -> None:
    text = read(client, f"{ROOT}errors")
    for code in ERRORS:
        assert f"<code>{code}</code>" in text


def test_each_reason_of_a_failure_is_told(client: Client, language: str) -> None:
    text = read(client, f"{ROOT}errors")
    for code in [*FailureCode.values, *TEXTS]:
        assert f"<code>{code}</code>" in text


def test_no_two_samples_share_an_idempotency_key(client: Client) -> None:
    """Pasted one after the other the second would be refused."""
    keys = re.findall(r"Idempotency-Key: ([\w-]{36})", read(client, f"{ROOT}generations"))
    assert len(keys) == 2 * len(set(keys)) > 2, "one in curl and in PHP, another for each call"


def test_links_within_the_pages_lead_somewhere(client: Client) -> None:
    for page in PAGES:
        text = read(client, page)
        anchors = set(re.findall(r'href="#([\w.]+)"', text)) - {"main"}
        assert anchors <= set(re.findall(r'id="([\w.]+)"', text)), page


def test_an_unknown_page_is_not_found(client: Client) -> None:
    assert client.get(f"{ROOT}nothing").status_code == 404


def test_the_code_of_every_call_can_be_read_by_its_language() -> None:
    for topic in TOPICS:
        for call in calls_of(document("en"), topic.slug):
            compile(call.samples["Python"], call.name, "exec")
            shell = subprocess.run(["bash", "-n"], input=call.samples["curl"], text=True)
            assert shell.returncode == 0, call.name
