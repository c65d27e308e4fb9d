"""One shape for every error, whatever went wrong."""

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.v1.api import live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["nowhere", "generations/not-a-uuid", "", "uploads/", "../create_exterior/nowhere"],
)
@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_an_address_that_is_none(alice: Cast, path: str, verb: str) -> None:
    answer = getattr(live(alice).client, verb)(f"/api/v1/{path}")
    assert answer.status_code == 404 and answer["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_in_the_callers_language(alice: Cast) -> None:
    answer = Client().get("/api/v1/generations", headers={"accept-language": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert "clé" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff", b"[" * 5000])
def test_what_is_no_json_object(alice: Cast, body: bytes) -> None:
    api = live(alice).client
    answer = api.post("/api/v1/generations", body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["code"] in ("invalid_json", "invalid_input")


def test_a_verb_that_is_none(alice: Cast) -> None:
    status, answer = live(alice).send("delete", "generations")
    assert (status, answer["code"]) == (405, "method_not_allowed")
