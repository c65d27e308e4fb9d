"""The zone that is being drawn, kept at the server while it is."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.choices import Mode
from accounts.selectors import quota_of
from projects import drafts
from projects.erasure import erase_project
from projects.models import Generation, Project
from tests.conftest import Cast
from tests.garden import project_with_photo
from tests.projects.test_pages import OPERATIONS, ask

pytestmark = pytest.mark.django_db
OTHERS = [{"t": "s", "r": 12.5, "p": [10, 20, 30, 40]}, {"t": "i"}]


@pytest.fixture
def project(alice: Cast) -> Project:
    return project_with_photo(alice)


def put(client: Client, project: Project, operations: Any = OPERATIONS, **fields: Any) -> Any:
    body = {"form_id": str(uuid4()), "operations": operations, **fields}
    return sent(client, project, json.dumps(body))


def sent(client: Client, project: Project, body: str | bytes) -> Any:
    return client.put(f"/projets/{project.pk}/zone/brouillon", body, "application/json")


def test_the_zone_page_begins_with_what_was_drawn_elsewhere(
    project: Project, alice_client: Client
) -> None:
    before = alice_client.get(f"/projets/{project.pk}/zone")
    assert 'data-drafted="0"' in before.content.decode()
    answer = put(alice_client, project)
    assert answer.status_code == 200 and answer.json()["saved_at"] > 1_600_000_000_000
    page = alice_client.get(f"/projets/{project.pk}/zone")
    assert json.loads(page.context["form"].initial["operations"]) == OPERATIONS
    assert f'data-drafted="{answer.json()["saved_at"]}"' in page.content.decode()
    cards = alice_client.get("/", headers={"accept-language": "en"})
    assert "zone begun" in cards.content.decode()


def test_the_newest_counts_and_an_empty_one_is_none(project: Project, alice_client: Client) -> None:
    first = put(alice_client, project).json()["saved_at"]
    assert put(alice_client, project, OTHERS).json()["saved_at"] >= first
    project.refresh_from_db()
    assert project.draft == OTHERS
    assert put(alice_client, project, []).json() == {"saved_at": 0}
    project.refresh_from_db()
    assert (project.draft, project.draft_saved_at) == ([], None)


def test_it_charges_nothing_and_no_page_is_told(
    alice: Cast, project: Project, alice_client: Client
) -> None:
    before = quota_of(alice.agency, Mode.LIVE)
    put(alice_client, project)
    assert quota_of(alice.agency, Mode.LIVE) == before
    assert Project.objects.get().version == project.version
    assert not Generation.objects.exists()


def test_a_zone_that_was_sent_is_no_draft_any_more(project: Project, alice_client: Client) -> None:
    """Nor does one become a draft again that arrives after its form."""
    form_id = str(uuid4())
    put(alice_client, project, form_id=form_id)
    assert ask(alice_client, project, form_id=form_id).status_code == 302
    assert put(alice_client, project, form_id=form_id).json() == {"saved_at": 0}
    project.refresh_from_db()
    assert (project.draft, project.draft_saved_at) == ([], None)
    put(alice_client, project, OTHERS)
    project.refresh_from_db()
    assert project.draft == OTHERS, "of the next form it is one"


def test_a_refused_zone_stays_a_draft(project: Project, alice_client: Client) -> None:
    put(alice_client, project)
    assert ask(alice_client, project, room_type="JACUZZI").status_code == 422
    assert Project.objects.get().draft == OPERATIONS


@pytest.mark.parametrize(
    "operations",
    [
        None,
        7,
        {},
        "[]",
        ["f"],
        [{"t": "z", "p": [1, 2]}],
        [{"t": "f", "p": [1, 2, 3]}],
        [{"t": "f", "p": [float("nan"), 1]}],
        [{"t": "f", "p": [10**400, 1]}],
        [{"t": "c"}] * 501,
    ],
)
def test_what_is_no_zone_is_refused(
    project: Project, alice_client: Client, operations: Any
) -> None:
    answer = put(alice_client, project, operations)
    assert (answer.status_code, answer.json()) == (422, {"code": "draft_unreadable"})
    assert Project.objects.get().draft_saved_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"7",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        b'{"operations": []}',
        b'{"form_id": 7, "operations": []}',
        b'{"form_id": "no id", "operations": []}',
    ],
)
def test_what_is_no_draft_is_refused(project: Project, alice_client: Client, body: bytes) -> None:
    answer = sent(alice_client, project, body)
    assert (answer.status_code, answer.json()) == (422, {"code": "draft_unreadable"})


def test_one_that_is_too_large_is_refused(project: Project, alice_client: Client) -> None:
    answer = put(alice_client, project, [{"t": "f", "p": [0] * (drafts.MAX_BYTES // 2)}])
    assert (answer.status_code, answer.json()) == (413, {"code": "draft_too_large"})
    # A client that says so little of it is not believed.
    with pytest.raises(drafts.DraftTooLarge):
        drafts.read_draft(b" " * (drafts.MAX_BYTES + 1))


def test_another_agency_neither_reads_nor_writes_it(
    project: Project, alice_client: Client, charlie_client: Client
) -> None:
    put(alice_client, project)
    assert put(charlie_client, project, OTHERS).status_code == 404
    assert charlie_client.get(f"/projets/{project.pk}/zone").status_code == 404
    assert Project.objects.get().draft == OPERATIONS


def test_it_needs_the_token_of_the_page(alice: Cast, project: Project) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.owner.user)
    assert put(client, project).status_code == 403
    page = client.get(f"/projets/{project.pk}/zone")
    token = {"X-CSRFToken": str(page.context["csrf_token"])}
    body = json.dumps({"form_id": str(uuid4()), "operations": OPERATIONS})
    url = f"/projets/{project.pk}/zone/brouillon"
    assert client.put(url, body, "application/json", headers=token).status_code == 200


def test_an_erased_project_has_none(project: Project, alice_client: Client) -> None:
    put(alice_client, project)
    assert erase_project(project)
    project.refresh_from_db()
    assert (project.draft, project.draft_saved_at) == ([], None)


def test_lists_do_not_load_what_was_drawn(
    project: Project, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    put(alice_client, project)
    with django_assert_max_num_queries(12) as seen:
        alice_client.get("/")
    assert not [query for query in seen if '"projects_project"."draft"' in query["sql"]]
