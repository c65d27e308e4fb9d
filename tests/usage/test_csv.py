"""The file of the Usage page: what Excel makes of it, and what it must not run."""

import csv
import io

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from integrations.doors.csv_download import harmless
from projects.models import Project
from tests.conftest import Cast, signed_in
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    '=cmd|" /C calc"!A0',
]


def read(client: Client, language: str, query: str = "") -> tuple[str, list[dict[str, str]]]:
    answer = client.get(f"/utilisation/csv{query}", headers={"accept-language": language})
    assert answer.status_code == 200 and answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf"), "or Excel reads é as Ã©"
    text = data.decode("utf-8-sig")
    delimiter = ";" if language == "fr" else ","
    return text, list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("language", "first_line"),
    [
        ("fr", "Date;Heure;Quoi;Variation;Reste;Photos;Projet;"),
        ("en", "Date,Time,What,Change,Left,Photos,Project,"),
    ],
)
def test_it_says_what_the_page_says(
    alice: Cast, alice_client: Client, language: str, first_line: str
) -> None:
    job = succeeded_generation(alice)
    text, rows = read(alice_client, language)
    assert text.startswith(first_line) and len(rows) == 3
    values = [list(row.values()) for row in rows]
    assert [row[3:6] for row in values] == [["10", "10", "10"], ["-1", "9", "1"], ["0", "9", "1"]]
    assert [row[12] for row in values] == ["", str(job.pk), str(job.pk)]
    assert values[1][6:9] == ["Jardin Martin", "Alice", str(alice.owner.iacrea_user_id)]
    assert all(len(row[0]) == 10 and row[0][4] == "-" for row in values), "ISO dates"
    only = read(alice_client, language, "?kind=capture")[1]
    assert [list(row.values())[4] for row in only] == ["9"], "what is left counts the others too"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_cell_is_a_formula(alice: Cast, text: str, language: str) -> None:
    job = succeeded_generation(alice)
    Project.objects.filter(pk=job.project_id).update(title=text)
    User.objects.filter(pk=alice.owner.user_id).update(name=text)
    _text, rows = read(signed_in(alice.owner), language)
    cells = list(rows[1].values())
    assert cells[6:8] == [f"'{text}"] * 2 and len(cells) == 15


@pytest.mark.parametrize("text", ["Jardin; d’Élodie", 'Le "grand", pré', "a=1", "1 234 €", ""])
def test_other_words_come_back_as_they_are(alice: Cast, text: str) -> None:
    assert harmless(text) == text
    job = succeeded_generation(alice)
    Project.objects.filter(pk=job.project_id).update(title=text or "x")
    _text, rows = read(signed_in(alice.owner), "fr")
    assert list(rows[1].values())[6] == (text or "x")


def test_the_roles_of_the_page(alice: Cast, client: Client) -> None:
    alice.owner.role = Role.VIEWER
    alice.owner.save()
    assert signed_in(alice.owner).get("/utilisation/csv").status_code == 403
    assert client.get("/utilisation/csv").status_code == 302
