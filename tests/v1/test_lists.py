"""What every list refuses, and what is said of ids that are nobody's; and what a list costs."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from projects import bulk
from tests.conftest import Cast
from tests.v1.api import TRIANGLE, Api, live

pytestmark = pytest.mark.django_db
LISTS = [
    "generations", "projects", "members", "quota/entries", "events", "webhook-endpoints",
    "deliveries",
]  # fmt: skip


def address(api: Api, path: str) -> str:
    if path != "deliveries":
        return path
    _status, made = api.post("webhook-endpoints", {"url": "http://127.0.0.1:9/"})
    return f"webhook-endpoints/{made['id']}/deliveries"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "field"),
    [({"colour": "blue"}, "colour"), ({"limit": "abc"}, "limit"), ({"cursor": "x"}, "cursor")],
)
def test_a_list_refuses_what_it_does_not_know(
    alice: Cast, path: str, query: dict[str, str], field: str
) -> None:
    api = live(alice)
    where = address(api, path)
    assert api.get(where, limit="2")[0] == 200
    status, answer = api.get(where, **query)
    assert (status, answer["code"], answer["field"]) == (400, "invalid_input", field)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1.5", ""])
def test_a_limit_that_is_none(alice: Cast, limit: str) -> None:
    status, answer = live(alice).get("events", limit=limit)
    assert (status, answer["field"]) == (400, "limit")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("generations", "aucune génération avec cet identifiant"),
        ("projects", "aucun projet avec cet identifiant"),
        ("uploads", "aucun fichier envoyé avec cet identifiant"),
    ],
)
def test_an_id_that_is_nobodys_in_french(alice: Cast, path: str, told: str) -> None:
    headers = {"accept-language": "fr"}
    answer = live(alice).client.get(f"/api/v1/{path}/{uuid4()}", headers=headers)
    assert answer.status_code == 404 and told in answer.json()["detail"]


def test_a_member_that_is_nobody_in_french(alice: Cast) -> None:
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE, "member": str(uuid4())}
    _status, answer = api.post("generations", wish, **{"accept-language": "fr"})
    assert (answer["field"], answer["detail"]) == (
        "member", "Aucun membre de votre agence n’a cet identifiant d’utilisateur iacrea.",
    )  # fmt: skip


def test_a_page_of_a_hundred_costs_the_queries_of_one(alice: Cast) -> None:
    def queries(api: Api, **query: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            _status, page = api.get("generations", **query)
        assert len(page["data"]) == query["limit"]
        return len(seen)

    seeded(alice.agency, 100)
    api = live(alice)
    api.get("generations")  # the key's first use is noted
    assert queries(api, limit=1) == queries(api, limit=100) <= 8


def seeded(agency: Agency, generations: int) -> None:
    assert list(bulk.seed(agency, generations)) == [generations]
