"""Nobody sees another agency. This walks the URLconf: a route that nobody declared fails."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.choices import Mode, Role
from accounts.invitations import invite
from accounts.models import Membership
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint
from integrations.webhooks.services import create_endpoint, send_ping
from projects.models import Generation, Project, Upload
from projects.sharing.services import comment, create_link
from tests.conftest import Cast
from tests.developers.pages import planted_call
from tests.garden import queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db

# Routes that show nothing of a tenant, or whose address is itself an unguessable secret.
PUBLIC = {
    "media:input", "media:result", "media:callback", "healthz", "readyz", "metrics", "csp_report",
    "set_language",
    "media:logo", "media:theme",
    "share:page", "share:code", "share:approve", "share:comment", "share:withdraw", "share:image",
    "share:preview", "share:nowhere", "projects:unsubscribe", "projects:invitation",
    "projects:help", "projects:legal",
    "api_nowhere", "docs:index", "docs:errors", "docs:webhooks", "docs:topic", "docs:openapi",
}  # fmt: skip
# Routes that show a signed-in user only what is their own agency's: lists and forms.
OWN = {
    "projects:list", "projects:live_list", "projects:new", "projects:sample", "projects:bin",
    "projects:notifications", "projects:notification_choices",
    "projects:usage", "projects:usage_csv", "projects:ask_for_photos",
    "projects:iacrea", "projects:iacrea_connect", "projects:status",
    "projects:team", "projects:team_invite", "projects:switch",
    "projects:developers", "projects:keys", "projects:new_key", "projects:endpoints",
    "projects:new_endpoint", "projects:deliveries", "projects:calls",
    "projects:security",
    "projects:branding", "projects:branding_preview", "projects:remove_logo", "projects:labels",
    "projects:my_data", "projects:my_data_file", "projects:erase_me", "projects:agency_data",
    "projects:agency_data_file", "projects:ask_for_erasure", "projects:withdraw_erasure",
    "projects:keep_for",
}  # fmt: skip
# iacrea's wire, tried below with another agency's key.
WIRE = {"dropin:generate", "dropin:generate-variation", "dropin:get", "dropin:credit"}
# Routes of libraries: sign-in pages show no tenant's rows, and the admin is for staff.
LIBRARIES = ("account_", "mfa_", "admin:", "desk:", "socialaccount_", "usersessions_")


def routes(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            name = pattern.namespace
            yield from routes(pattern, f"{space}{name}:" if name else space)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


# Called with a key, and tried below with those of others.
KEYED = ("webhooks:", "v1:", "accounts:")


def with_objects() -> list[str]:
    declared = PUBLIC | OWN | WIRE | set(keyed())
    names = {n for n, _p in routes() if n not in declared and not n.startswith(LIBRARIES)}
    return sorted(name for name in names if ":" in name or name not in NAMELESS)


def keyed() -> list[str]:
    return sorted(name for name, _pattern in routes() if name.startswith(KEYED))


# allauth's redirects without a name and the admin's catch-all.
NAMELESS = {"^(?P<url>.*)$"}


def test_each_route_is_known() -> None:
    for name in with_objects():
        assert name.startswith(("projects:", "media:")), (
            f"declare {name} in tests/test_isolation.py"
        )


@pytest.fixture
def job(alice: Cast) -> Generation:
    """What could leak exists: a project, a photo, a zone, a picture, a link, a client's comment."""
    made = succeeded_generation(alice)
    link = create_link(project=made.project, author=alice.owner, generations=[made])
    comment(link, link.shared.get(), name="Odile", text="Wider?", network="")
    invite(author=alice.owner, email="dora@example.org", role=Role.MEMBER, language="fr")
    return made


def arguments(pattern: URLPattern, job: Generation) -> dict[str, object]:
    found = {
        "project_id": job.project_id,
        "generation_id": job.pk,
        "upload_id": job.photo_id,
        "picture_id": job.pictures.get().pk,
        "width": 480,
        "kind": "webp",
        "form": "png",
        "link_id": job.project.share_links.get().pk,
        "comment_id": job.comments.get().pk,
        "member_id": job.agency.memberships.order_by("created_at")[0].pk,
        "invitation_id": job.agency.invitations.get().pk,
        "account_id": job.account_id,
    }
    names = pattern.pattern.converters
    if names.keys() & {"key_id", "endpoint_id", "delivery_id", "call_id"}:
        found |= for_software(job)
    return {name: found[name] for name in names}


def for_software(job: Generation) -> dict[str, object]:
    """A key of Alice's, a call with it, an endpoint and a message to it."""
    made = create_endpoint(agency=job.agency, mode=Mode.TEST, url="https://hooks.example.org/")
    key = job.agency.api_keys.filter(mode=Mode.LIVE).get()
    ids = {"key_id": key.pk, "endpoint_id": made.pk, "delivery_id": send_ping(made.pk).pk}
    return {**ids, "call_id": planted_call(key).pk}


@pytest.mark.parametrize("name", with_objects())
@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_an_outsider_gets_404_on_every_verb(
    name: str, verb: str, job: Generation, alice_client: Client, charlie_client: Client
) -> None:
    pattern = dict(routes())[name]
    url = reverse(name, kwargs=arguments(pattern, job))
    answer = getattr(charlie_client, verb)(url)
    assert answer.status_code in (404, 405)
    # The page repeats the address that was asked for: its language buttons come back to it.
    assert str(job.pk) not in answer.content.decode(errors="replace").replace(url, "")
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


# --- With a key


Ids = dict[str, Any]
# People are an agency's in both modes, and a PUT makes one: tried apart.
PEOPLE = {"accounts:member", "accounts:members"}
MODELS = (WebhookEndpoint, Delivery, Event, Generation, Project, Upload)


@pytest.fixture
def owned(alice: Cast, job: Generation) -> Ids:
    """What could leak exists: all that an address can name."""
    made = create_endpoint(agency=alice.agency, mode=Mode.LIVE, url="https://hooks.example.org/")
    ping = send_ping(made.pk)
    return {
        "endpoint_id": made.pk,
        "delivery_id": ping.pk,
        "event_id": ping.event_id,
        "generation_id": job.pk,
        "project_id": job.project_id,
        "upload_id": job.photo_id,
        "iacrea_user_id": alice.owner.iacrea_user_id,
    }


def keyed_url(name: str, owned: Ids) -> str:
    names = dict(routes())[name].pattern.converters
    return reverse(name, kwargs={each: owned[each] for each in names})


def live_rows(cast: Cast) -> list[Any]:
    """An outsider may make what is their own."""
    found = [model.objects.for_agency(cast.agency, Mode.LIVE) for model in MODELS]
    return [list(rows.values()) for rows in found]


@pytest.mark.parametrize("name", sorted(set(keyed()) - PEOPLE))
def test_no_other_key_finds_what_is_alices(
    name: str, owned: Ids, alice: Cast, charlie: Cast, client: Client
) -> None:
    """Neither another agency's, nor her own of the other mode; and a page's session is no key."""
    url, before = keyed_url(name, owned), live_rows(alice)
    strangers = [charlie.api_key, charlie.test_api_key, alice.test_api_key]
    ids = [str(each) for name, each in owned.items() if name != "iacrea_user_id"]
    for verb in ("get", "post", "put", "patch", "delete"):
        call = partial(getattr(client, verb), url, content_type="application/json")
        for key in strangers:
            answer = call(headers={"x-api-key": key})
            text = answer.content.decode()
            assert not any(each in text for each in ids), (verb, text)
            if any(each in url for each in ids):
                assert answer.status_code in (404, 405), (verb, text)
        assert call().status_code == 401
    assert live_rows(alice) == before
    hers = client.get(url, headers={"x-api-key": alice.api_key})
    assert hers.status_code in (200, 405)


LISTS = {"webhooks:endpoints": 1, "webhooks:events": 2, "v1:generations": 1, "v1:projects": 1}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_the_api_hold_nothing_foreign(
    name: str, owned: Ids, alice: Cast, charlie: Cast, client: Client
) -> None:
    for key, count in ((alice.api_key, LISTS[name]), (alice.test_api_key, 0), (charlie.api_key, 0)):
        answer = client.get(reverse(name), headers={"x-api-key": key})
        assert len(answer.json()["data"]) == count


@pytest.mark.parametrize("field", ["project", "member"])
def test_a_filter_by_what_is_alices_finds_nothing(
    field: str, owned: Ids, charlie: Cast, client: Client
) -> None:
    key = owned["project_id" if field == "project" else "iacrea_user_id"]
    url = reverse("v1:generations")
    assert client.get(url, {field: str(key)}, headers=charlie.headers).json()["data"] == []


def test_a_cursor_of_alices_shows_charlie_his_own(
    alice: Cast, charlie: Cast, client: Client
) -> None:
    for _ in range(3):
        queued_generation(alice)
    url = reverse("v1:generations")
    page = client.get(url, {"limit": 1}, headers=alice.headers).json()
    answer = client.get(page["next"], headers=charlie.headers)
    assert answer.status_code == 200 and answer.json()["data"] == []


def test_people_are_their_agencys(alice: Cast, charlie: Cast, client: Client) -> None:
    url = reverse("accounts:member", args=[alice.user_id])
    assert client.get(url, headers=charlie.headers).status_code == 404
    listed = client.get(reverse("accounts:members"), headers=charlie.headers).json()["data"]
    assert [each["email"] for each in listed] == ["charlie@example.org"]
    body = {"email": "eve@example.org"}
    made = client.put(url, body, content_type="application/json", headers=charlie.headers)
    assert made.status_code == 201, "an id at iacrea may be in two agencies"
    assert Membership.objects.for_agency(alice.agency).count() == 1


def post(client: Client, name: str, body: dict[str, Any], cast: Cast) -> Any:
    return client.post(reverse(name), json.dumps(body), "application/json", headers=cast.headers)
