"""French is whole and well set, English is English: `python -m deploy.messages` mends the rest."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from deploy import messages

PAGE = """\
{% load i18n %}
    {% translate "Shown elsewhere" as elsewhere %}
  {% blocktranslate count n=few trimmed %}
    {{ n }} photo of {{ name }}
  {% plural %}
    {{ n }} photos of {{ name }}
  {% endblocktranslate %}
      {% translate "Open" context "a door" %} isn't text that is 100 % translated
{{ _("In a filter") }} <a title="{% translate 'Half, %' %}">
"""


def test_the_catalogue_is_what_the_code_says_all_of_it_translated() -> None:
    """Nothing missing, stale, fuzzy or untranslated; the same placeholders; the .mo is its own."""
    assert list(messages.problems()) == []


def test_templates_are_read_as_django_looks_them_up(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    found = extract("python", messages.source(page), messages.KEYWORDS)
    assert [(text, context) for _line, text, _comments, context in found] == [
        ("Shown elsewhere", None),
        (("%(n)s photo of %(name)s", "%(n)s photos of %(name)s"), None),
        ("Open", "a door"),
        ("In a filter", None),
        ("Half, %%", None),
    ]


def test_french_is_set_as_french_is() -> None:
    """The apostrophe is ’, and the space before « : ; ! ? » does not break."""
    entries = messages.entries(messages.committed())
    french = [text for entry in entries for text in messages.strings(entry)]
    assert [text for text in french if re.search(r"'| ([:;!?»]|%%)|« ", text)] == []


def test_english_does_not_fall_back_to_french() -> None:
    with translation.override("en"):
        assert gettext("Make the picture") == "Make the picture"
        assert ngettext("%(n)s photo left", "%(n)s photos left", 0) == "%(n)s photos left"
    with translation.override("fr"):
        assert gettext("Make the picture") == "Créer l’image"
        assert ngettext("%(n)s photo left", "%(n)s photos left", 0) == "%(n)s photo restante"


@pytest.mark.parametrize(
    ("language", "shown", "not_shown"),
    [("fr", "Votre première image", "Your first picture"), ("en", "Your first picture", "Votre")],
)
def test_a_page_is_in_the_language_that_was_asked_for(
    alice_client: Client, language: str, shown: str, not_shown: str
) -> None:
    asked = alice_client.get(reverse("projects:list"), headers={"accept-language": language})
    page = asked.content.decode()
    assert f'<html lang="{language}">' in page
    assert shown in page and not_shown not in page


def test_french_is_shown_to_who_asks_for_neither(client: Client, db: None) -> None:
    page = client.get(reverse("account_login"), headers={"accept-language": "ja"})
    assert '<html lang="fr">' in page.content.decode()
