"""Nobody sees another agency. This walks the URLconf: a route that nobody declared fails."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.models import Generation, Project, Upload
from tests.conftest import Cast
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db

# Routes that show nothing of a tenant, or whose address is itself an unguessable secret.
PUBLIC = {
    "media:input", "media:result", "media:callback", "healthz", "readyz", "set_language",
}  # fmt: skip
# Routes that show a signed-in user only what is their own agency's: lists and forms.
OWN = {"projects:list", "projects:new", "projects:sample"}
# iacrea's wire, tried below with another agency's key.
WIRE = {"dropin:generate", "dropin:generate-variation", "dropin:get", "dropin:credit"}
# Routes of libraries: sign-in pages show no tenant's rows, and the admin is for staff.
LIBRARIES = ("account_", "mfa_", "admin:", "socialaccount_", "usersessions_")


def routes(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            name = pattern.namespace
            yield from routes(pattern, f"{space}{name}:" if name else space)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


def with_objects() -> list[str]:
    declared = PUBLIC | OWN | WIRE
    names = {n for n, _p in routes() if n not in declared and not n.startswith(LIBRARIES)}
    return sorted(name for name in names if ":" in name or name not in NAMELESS)


# allauth's redirects without a name and the admin's catch-all.
NAMELESS = {"^(?P<url>.*)$"}


def test_each_route_is_known() -> None:
    for name in with_objects():
        assert name.startswith(("projects:", "media:")), (
            f"declare {name} in tests/test_isolation.py"
        )


@pytest.fixture
def job(alice: Cast) -> Generation:
    """What could leak exists: a project, a photo, a zone, a picture."""
    return succeeded_generation(alice)


def arguments(pattern: URLPattern, job: Generation) -> dict[str, object]:
    found = {
        "project_id": job.project_id,
        "generation_id": job.pk,
        "upload_id": job.photo_id,
        "picture_id": job.pictures.get().pk,
    }
    return {name: found[name] for name in pattern.pattern.converters}


@pytest.mark.parametrize("name", with_objects())
@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_an_outsider_gets_404_on_every_verb(
    name: str, verb: str, job: Generation, alice_client: Client, charlie_client: Client
) -> None:
    pattern = dict(routes())[name]
    url = reverse(name, kwargs=arguments(pattern, job))
    answer = getattr(charlie_client, verb)(url)
    assert answer.status_code in (404, 405)
    assert str(job.pk) not in answer.content.decode(errors="replace")
    if getattr(alice_client, verb)(url).status_code != 405:
        assert answer.status_code == 404, "the owner may use this verb, so the outsider gets 404"


@pytest.mark.parametrize("name", with_objects())
def test_a_stranger_is_asked_to_sign_in(name: str, job: Generation, client: Client) -> None:
    pattern = dict(routes())[name]
    answer = client.get(reverse(name, kwargs=arguments(pattern, job)))
    assert answer.status_code in (302, 405)
    assert answer.status_code == 405 or "/comptes/" in answer["Location"]


def test_lists_hold_nothing_foreign(
    job: Generation, alice_client: Client, charlie_client: Client
) -> None:
    assert str(job.project_id) in alice_client.get("/").content.decode()
    assert str(job.project_id) not in charlie_client.get("/").content.decode()


@pytest.mark.parametrize("name", sorted(WIRE - {"dropin:credit"}))
def test_the_wire_knows_nothing_of_another_agencys_ids(
    name: str, job: Generation, alice: Cast, charlie: Cast, client: Client
) -> None:
    body = {
        "generation_id": str(job.pk),
        "original_url": "https://example.org/a.jpg",
        "image_url": "https://example.org/a.jpg",
        "mask_url": "https://example.org/m.png",
        "room_type": "POOL",
        "width": 320,
        "height": 240,
    }
    rows = (Project.objects.count(), Generation.objects.count(), Upload.objects.count())
    foreign = {**body, "user_id": alice.user_id}
    own = {**body, "user_id": charlie.user_id}
    attempts = [foreign] if name == "dropin:generate" else [foreign, own]
    for attempt in attempts:
        answer = post(client, name, attempt, charlie)
        assert answer.status_code == 404 and answer.json()["code"] == "not_found"
        unknown = {**attempt, "user_id": str(uuid4()), "generation_id": str(uuid4())}
        assert post(client, name, unknown, charlie).status_code == 404
    assert rows == (Project.objects.count(), Generation.objects.count(), Upload.objects.count())


def test_a_test_key_sees_no_live_job(job: Generation, alice: Cast, client: Client) -> None:
    body = {"user_id": alice.user_id, "generation_id": str(job.pk)}
    headers = {"x-api-key": alice.test_api_key}
    url = reverse("dropin:get")
    assert client.post(url, body, "application/json", headers=headers).status_code == 404
    assert post(client, "dropin:get", body, alice).status_code == 200


def post(client: Client, name: str, body: dict[str, Any], cast: Cast) -> Any:
    return client.post(reverse(name), json.dumps(body), "application/json", headers=cast.headers)
