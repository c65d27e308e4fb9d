"""Photos and members through `/api/v1/`."""

import csv
from typing import Any
from uuid import uuid4

import pytest

from accounts.choices import Mode, Scope
from accounts.keys import issue_api_key
from accounts.models import Membership, User
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.v1.api import Api, live

pytestmark = pytest.mark.django_db


def test_the_quota_and_its_lots(alice: Cast) -> None:
    api = live(alice)
    api.job()
    status, quota = api.get("quota")
    assert (status, quota["available"], quota["held"], quota["consumed"]) == (200, 9, 1, 0)
    (lot,) = quota["lots"]
    assert (lot["source"], lot["available"], lot["held"]) == ("pack", 9, 1)
    assert lot["usable_until"] is None


def test_the_entries_as_pages_and_as_csv(alice: Cast, charlie: Cast) -> None:
    job = succeeded_generation(alice)
    succeeded = live(alice).get("quota/entries")[1]["data"]
    assert [row["kind"] for row in succeeded] == ["capture", "hold", "grant"]
    assert {row["generation"] for row in succeeded} == {str(job.pk), None}
    answer = live(alice).client.get("/api/v1/quota/entries", {"format": "csv"})
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    assert [row["kind"] for row in rows] == ["grant", "hold", "capture"]
    assert answer["content-type"].startswith("text/csv")
    assert [row["kind"] for row in live(charlie).get("quota/entries")[1]["data"]] == ["grant"]


def put(api: Api, key: Any, **fields: Any) -> tuple[int, Any]:
    return api.send("put", f"members/{key}", fields)


def test_a_member_is_put_as_often_as_one_likes(alice: Cast) -> None:
    api, key = live(alice), uuid4()
    status, made = put(api, key, email="bob@example.org", name="Bob", role="viewer")
    assert (status, made["role"], made["iacrea_user_id"]) == (201, "viewer", str(key))
    assert put(api, key, email="bob@example.org") == (200, made)
    assert api.get(f"members/{key}") == (200, made)
    assert put(api, key, email="bob@example.org", role="manager")[1]["role"] == "manager"
    assert Membership.objects.for_agency(alice.agency).count() == 2
    assert not User.objects.get(email="bob@example.org").has_usable_password()
    assert len(api.get("members")[1]["data"]) == 2


def test_a_member_gets_the_id_that_they_have_at_iacrea(alice: Cast) -> None:
    key = uuid4()
    status, found = put(live(alice), key, email="alice@example.org")
    assert (status, found["role"], found["iacrea_user_id"]) == (200, "owner", str(key))


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"email": "eve@example.org"}, 409, "member_is_another"),
        ({"email": "alice@example.org", "role": "viewer"}, 409, "owner_role"),
        ({"email": "eve@example.org", "role": "owner"}, 400, "invalid_input"),
        ({"email": "no address"}, 400, "invalid_input"),
        ({}, 400, "invalid_input"),
    ],
)
def test_what_cannot_be_put(alice: Cast, fields: Any, status: int, code: str) -> None:
    found, answer = put(live(alice), alice.user_id, **fields)
    assert (found, answer["code"]) == (status, code)
    assert Membership.objects.get().role == "owner"


def test_a_person_of_two_agencies_keeps_their_name(alice: Cast, charlie: Cast) -> None:
    """And no agency learns it from the other."""
    status, made = put(live(alice), uuid4(), email="charlie@example.org", name="Somebody")
    assert status == 201 and "name" not in made
    assert User.objects.get(email="charlie@example.org").name == "Charlie"


def test_each_scope_opens_its_own(alice: Cast) -> None:
    """With each other scope, and not with none."""
    calls = {
        Scope.GENERATIONS_READ: [("get", "generations"), ("get", "projects"), ("get", "events")],
        Scope.GENERATIONS_WRITE: [("post", "generations"), ("post", "uploads")],
        Scope.PROJECTS_WRITE: [("post", "projects")],
        Scope.QUOTA_READ: [("get", "quota"), ("get", "quota/entries")],
        Scope.MEMBERS_READ: [("get", "members")],
        Scope.MEMBERS_WRITE: [("put", f"members/{uuid4()}")],
        Scope.WEBHOOKS_WRITE: [("get", "webhook-endpoints"), ("post", "webhook-endpoints")],
    }
    for scope, allowed in calls.items():
        _key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE, scopes=[scope])
        api = Api(text)
        for other, said in calls.items():
            for verb, path in said:
                status = api.send(verb, path)[0] if verb != "get" else api.get(path)[0]
                assert (status == 403) == (other != scope), (scope, verb, path, status)
        assert allowed
