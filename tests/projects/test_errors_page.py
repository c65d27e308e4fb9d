"""Pages that say that something went wrong: in the reader's language, with the name of the call for
support, what to do and a way home."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.views import defaults

from accounts.choices import Role
from accounts.models import User
from accounts.services import add_member
from integrations.doors.request_id import HEADER, current
from projects.views.health import server_error
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.django_db
NAME = "a-name-of-the-callers"
LANGUAGES = {"fr": "donnez cette référence", "en": "give this reference"}


def is_whole(answer: Any, status: int, language: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == status and f'<html lang="{language}">' in page
    assert LANGUAGES[language] in page and f"<code data-reference>{NAME}</code>" in page
    assert 'href="/aide"' in page and 'class="button"' in page
    assert answer[HEADER] == NAME


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_found(language: str, alice_client: Client, client: Client) -> None:
    headers = {"accept-language": language, HEADER: NAME}
    for visitor in (alice_client, client):
        is_whole(visitor.get("/nulle-part", headers=headers), 404, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_allowed_and_the_way_home_is_one_that_opens(language: str, alice: Cast) -> None:
    user = User.objects.create_user("i@example.org", "a password for tests", name="I")
    ines = signed_in(add_member(agency=alice.agency, user=user, role=Role.INTEGRATOR))
    answer = ines.get("/marque", headers={"accept-language": language, HEADER: NAME})
    is_whole(answer, 403, language)
    home = answer.content.decode().split('<a class="button" href="')[1].split('"')[0]
    assert ines.get(home).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_has_expired(language: str) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"accept-language": language, HEADER: NAME}
    is_whole(client.post("/comptes/login/", {}, headers=headers), 403, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_understood(language: str, client: Client, settings: Any) -> None:
    fields = {f"field-{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    headers = {"accept-language": language, HEADER: NAME}
    is_whole(client.post("/comptes/login/", fields, headers=headers), 400, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many(language: str) -> None:
    with translation.override(language):
        page = render_to_string("429.html", {}, _request())
    assert f'<html lang="{language}">' in page and 'href="/aide"' in page


def test_support_is_named_where_there_is_one(client: Client, settings: Any) -> None:
    settings.OPERATOR_EMAIL = "aide@example.org"
    page = client.get("/nulle-part", headers={HEADER: NAME}).content.decode()
    assert f'href="mailto:aide@example.org?subject={NAME}"' in page


def test_our_own_error_asks_no_database(client: Client) -> None:
    """Both languages at once: nothing is asked that could fail too."""
    token = current.set(NAME)
    with CaptureQueriesContext(connection) as queries:
        answer = server_error(_request())
    current.reset(token)
    page = answer.content.decode()
    assert answer.status_code == 500 and len(queries) == 0
    assert "Une erreur est survenue" in page and "Something went wrong" in page
    assert f"Référence · Reference: <code>{NAME}</code>" in page and 'href="/"' in page
    assert (
        "<!--" not in page
        and "<!--reference-->" in defaults.server_error(_request()).content.decode()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_for_everybody(language: str, alice_client: Client, client: Client) -> None:
    headers = {"accept-language": language}
    member = alice_client.get("/aide", headers=headers).content.decode()
    stranger = client.get("/aide", headers=headers).content.decode()
    assert 'href="/etat"' in member and 'href="/etat"' not in stranger
    for part in ("begin", "price", "share", "keys", "ask"):
        assert f'<h2 id="{part}">' in stranger
    assert "<kbd>L</kbd>" in stranger and f'<html lang="{language}">' in stranger


def test_help_says_who_to_ask(client: Client, settings: Any) -> None:
    settings.OPERATOR_EMAIL = "aide@example.org"
    assert "mailto:aide@example.org" in client.get("/aide").content.decode()


def _request() -> HttpRequest:
    return RequestFactory().get("/broken")
