"""The legal pages: public, without a cookie, a session or a query; the operator's own texts are
shown as text."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.notifications import KEPT
from config import env
from config.checks import legal_pages_are_written
from projects import legal
from projects.selectors import BIN_KEEPS

pytestmark = pytest.mark.django_db
OPERATOR = {
    "OPERATOR_NAME": "Vert & Bleu SARL",
    "OPERATOR_ADDRESS": "1, rue Haute, Nîmes",
    "OPERATOR_EMAIL": "aide@example.org",
}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.LEGAL_DIR = tmp_path
    return tmp_path


def shown(client: Client, page: str, language: str = "fr", query: str = "") -> str:
    answer = client.get(f"/{page}{query}", headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", legal.PAGES)
def test_each_is_public_and_asks_nothing(page: str, language: str, alice_client: Client) -> None:
    for client in (Client(), alice_client):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/{page}", headers={"accept-language": language})
        text = answer.content.decode()
        assert answer.status_code == 200 and len(queries) == 0 and not answer.cookies
        assert f'<html lang="{language}">' in text and len(re.findall("<h1", text)) == 1
        assert ("pas encore rédigé" if language == "fr" else "not written a text") in text
    assert client.post(f"/{page}").status_code == 405
    other = "en" if language == "fr" else "fr"
    assert f'<html lang="{other}">' in shown(client, page, language, f"?langue={other}")
    assert f'<html lang="{language}">' in shown(client, page, language, "?langue=xx")


def test_they_are_in_every_footer(alice_client: Client, client: Client) -> None:
    pages = [alice_client.get("/"), client.get("/comptes/login/"), client.get("/nulle-part")]
    pages.append(client.get("/conditions"))
    for answer in pages:
        for page in legal.PAGES:
            assert f'href="/{page}"' in answer.content.decode()


def test_what_the_software_knows(client: Client, settings: Any) -> None:
    text = shown(client, "confidentialite", "en")
    assert f"in the bin for {BIN_KEEPS.days} days" in text
    assert f"Notifications: {KEPT.days} days" in text and "14 days" in text and "400 days" in text
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "device",
                   settings.LANGUAGE_COOKIE_NAME):  # fmt: skip
        assert f"<code>{cookie}</code>" in text
    assert "What is sent to iacrea" in shown(client, "sous-traitants", "en")
    assert "axe-core" in shown(client, "accessibilite", "en")


def test_who_runs_it(client: Client, settings: Any) -> None:
    assert "has not given a name" in shown(client, "mentions-legales", "en")
    for name, value in OPERATOR.items():
        setattr(settings, name, value)
    for page in set(legal.PAGES):
        text = shown(client, page)
        assert "Vert &amp; Bleu SARL" in text and "mailto:aide@example.org" in text


def test_the_operators_own_text_is_text(client: Client, folder: Path) -> None:
    text = "# Prix & délais\n\nUn <b>prix</b>\nsur deux lignes.\r\n\r\n \n# Fin\nVoilà."
    (folder / "conditions.fr.txt").write_text(f"\ufeff{text}", newline="")
    page = shown(client, "conditions")
    assert "<h2>Prix &amp; délais</h2>" in page and "<h2>Fin</h2><p>Voilà.</p>" in page.replace(
        "\n        ", ""
    )
    assert "<p>Un &lt;b&gt;prix&lt;/b&gt;<br>sur deux lignes.</p>" in page
    assert "pas encore rédigé" not in page and "pas encore rédigé" in shown(
        client, "confidentialite"
    )
    assert '<article class="prose" lang="fr">' in shown(client, "conditions", "en"), (
        "better than ours"
    )
    (folder / "conditions.en.txt").write_text("Prices")
    assert "<p>Prices</p>" in shown(client, "conditions", "en")


def test_a_change_is_seen_and_a_broken_file_is_shown(client: Client, folder: Path) -> None:
    file = folder / "conditions.fr.txt"
    file.write_text("before")
    assert "<p>before</p>" in shown(client, "conditions")
    file.write_text("and after")
    assert "<p>and after</p>" in shown(client, "conditions")
    file.write_bytes(b"\xff\xfe prix")
    assert "prix" in shown(client, "conditions")
    file.write_text(" \n\n")
    assert "pas encore rédigé" in shown(client, "conditions"), "an empty one is none"


def test_no_address_leads_out_of_the_folder(client: Client, folder: Path) -> None:
    (folder / "secret.fr.txt").write_text("secret")
    for path in ("/secret", "/conditions/../secret", "/conditions.fr.txt", "/conditionsx"):
        assert client.get(path).status_code == 404
    assert legal.own_text("secret", "fr") is None
    assert "secret" not in shown(client, "conditions", query="?langue=../secret")


def test_the_settings_are_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEGAL_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="LEGAL_DIR"):
        env.folder("LEGAL_DIR")
    monkeypatch.setenv("LEGAL_DIR", str(tmp_path))
    assert env.folder("LEGAL_DIR") == tmp_path
    monkeypatch.setenv("LEGAL_DIR", "")
    assert env.folder("LEGAL_DIR") is None


def test_the_check_tells_what_is_empty(folder: Path, settings: Any) -> None:
    assert [info.id for info in legal_pages_are_written()] == ["parterre.I002", "parterre.I003"]
    settings.OPERATOR_NAME = "Vert"
    assert legal_pages_are_written()[0].msg.startswith("OPERATOR_ADDRESS, OPERATOR_EMAIL:")
    for name, value in OPERATOR.items():
        setattr(settings, name, value)
    for page in legal.PAGES[1:]:
        (folder / f"{page}.fr.txt").write_text("x")
    (told,) = legal_pages_are_written()
    assert "missing: mentions-legales.fr.txt." in told.msg
    (folder / "mentions-legales.fr.txt").write_text("x")
    assert legal_pages_are_written() == []
