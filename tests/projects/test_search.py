"""Finding a project again: by name however it is spelled, by any id that somebody reads out."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.choices import Mode
from projects import selectors, services
from projects.models import Generation, Project
from projects.search import found
from projects.words import plain
from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db


def titles(cast: Cast, text: str) -> set[str]:
    rows = selectors.projects_of(cast.agency, Mode.LIVE)
    return set(found(rows, text).values_list("title", flat=True))


def named(cast: Cast, title: str) -> Project:
    return services.create_project(
        agency=cast.agency, mode=Mode.LIVE, author=cast.owner, title=title
    )


@pytest.mark.parametrize("text", ["elodie", "ÉLODIE", "Élodie", "  e\u0301lodie ", "lilas élo"])
def test_a_name_is_found_however_it_is_written(alice: Cast, text: str) -> None:
    named(alice, "Élodie Martin, 3 rue des Lilas")
    named(alice, "Œuvre d’Ève")
    assert titles(alice, text) == {"Élodie Martin, 3 rue des Lilas"}


def test_letters_that_are_two(alice: Cast) -> None:
    named(alice, "Œuvre d’Ève")
    assert titles(alice, "oeuvre d'eve") == titles(alice, "ŒUVRE D’ÈVE") == {"Œuvre d’Ève"}


def test_all_words_must_be_there_and_signs_are_no_wildcards(alice: Cast) -> None:
    named(alice, "Martin")
    assert titles(alice, "martin dupont") == titles(alice, "%") == titles(alice, "m_rtin") == set()


def test_a_new_name_is_found_and_the_old_one_is_not(alice: Cast) -> None:
    project = named(alice, "Avant")
    services.change_project(project, title="Après")
    assert titles(alice, "apres") == {"Après"} and titles(alice, "avant") == set()


def test_the_beginning_of_any_id(alice: Cast) -> None:
    job = queued_generation(alice)
    named(alice, "Une autre")
    mine = {job.project.title}
    for id_ in (job.project_id, job.pk):
        assert titles(alice, str(id_)[:8]) == titles(alice, str(id_).upper()) == mine
        assert titles(alice, id_.hex[:12]) == mine
    assert titles(alice, str(UUID(int=job.pk.int ^ (1 << 127)))[:8]) == set()


def test_iacreas_id_too(alice: Cast) -> None:
    job = succeeded_generation(alice)
    theirs = uuid4()
    Generation.objects.filter(pk=job.pk).update(upstream_id=str(theirs))
    assert (
        titles(alice, str(theirs)[:8]) == titles(alice, str(theirs).upper()) == {job.project.title}
    )


@pytest.mark.parametrize("text", ["deadbeef" * 5, "12345678-", "--------", "zzzzzzzz", "é" * 150])
def test_what_is_no_id_finds_nothing(alice: Cast, text: str) -> None:
    named(alice, "Martin")
    assert titles(alice, text) == set()


@pytest.mark.parametrize("text", ["", "  ", "\0"])
def test_without_a_word_all_are_shown(alice: Cast, text: str) -> None:
    named(alice, "Martin")
    assert titles(alice, text) == {"Martin"}


def test_nobody_finds_anothers(alice: Cast, charlie: Cast) -> None:
    job = queued_generation(charlie)
    for text in (job.project.title, str(job.pk)[:8], str(job.project_id)[:8], job.pk.hex):
        assert titles(alice, text) == set()


def test_the_page_is_narrowed(alice: Cast, alice_client: Client) -> None:
    named(alice, "Élodie")
    queued_generation(alice)
    succeeded_generation(alice)
    for query, count in {"": 3, "q=elodie": 1, "show=running": 1, "show=ready": 1, "show=draft": 1,
                         "q=elodie&show=ready": 0, "show=nonsense": 3}.items():  # fmt: skip
        answer = alice_client.get(f"/?{query}")
        assert answer.status_code == 200
        assert len(answer.context["cards"]) == count, query
    assert "Aucun projet" in alice_client.get("/?q=nobody").content.decode()


def test_plain_words() -> None:
    assert plain("  STRAßE  d’Été ﬁn ") == "strasse d'ete fin"
