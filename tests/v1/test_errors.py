"""One shape for every error, whatever went wrong."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.v1.api import TRIANGLE, live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "nowhere",
        "generations/not-a-uuid",
        "",
        "uploads/",
        "../create_exterior/nowhere",
        "events/a%0A",
    ],
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


@pytest.mark.parametrize(
    ("fields", "field", "cure"),
    [
        ({"room_type": "GARAGE"}, "room_type", "Enter one of TERRACE, POOL, PETANQUE."),
        ({"polygon": [[1, 1]]}, "polygon", "Give 3 to 200 corners"),
        ({"colour": "blue"}, "colour", "Known are room_type, "),
        ({"webhook": "ftp://x/"}, "webhook", "Enter a URL that starts with http:// or https://."),
        ({"title": "x" * 151}, "title", "no more than 150 characters"),
        ({"mask_url": "https://example.org/m.png"}, "mask", "Give exactly one of"),
        ({"image": "photo.jpg"}, "image", "Enter the id of an upload"),
    ],
)
def test_an_error_names_the_field_and_says_what_to_do(
    alice: Cast, fields: dict[str, Any], field: str, cure: str
) -> None:
    wish = {"room_type": "POOL", "image": str(uuid4()), "polygon": TRIANGLE, **fields}
    status, answer = live(alice).post("generations", wish, **{"accept-language": "en"})
    assert (status, answer["field"]) == (400, field)
    assert answer["detail"].startswith(f"{field}: ") and cure in answer["detail"]
    assert answer["error"] == answer["message"] == answer["detail"]
