"""The table of accounts/roles.py, cell by cell: each address of the pages with each role; and no
page offers what its reader may not do."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.choices import Role
from accounts.models import Membership, User
from accounts.services import add_member
from projects.models import Generation
from tests.conftest import Cast, signed_in
from tests.test_isolation import PUBLIC, arguments, job, keyed, owned, routes  # noqa: F401

pytestmark = pytest.mark.django_db
Clients = dict[Role, Client]
# Who may open what: a route that is missing here fails test_each_route_has_its_permission.
PERMISSIONS: dict[str, tuple[Role, ...]] = {
    **dict.fromkeys(
        [
            "list", "notifications", "notification_choices", "switch", "status",
            "my_data", "my_data_file", "erase_me",
        ],
        roles.EVERYBODY,
    ),
    **dict.fromkeys(
        ["live_list", "detail", "live", "before_and_after", "download", "everything"],
        roles.SEES_PROJECTS,
    ),
    **dict.fromkeys(["share", "share_links", "revoke_link", "answer_comment"], roles.SHARES),
    **dict.fromkeys(
        [
            "new", "sample", "bin", "zone", "draft", "variation", "favour", "note", "complain",
            "remove", "remove_picture", "bring_back", "bring_back_picture",
        ],
        roles.WORKS_ON_PROJECTS,
    ),
    "quote": roles.QUOTES,
    **dict.fromkeys(["usage", "usage_csv"], roles.SEES_USAGE),
    "ask_for_photos": roles.ASKS_FOR_PHOTOS,
    **dict.fromkeys(["branding", "branding_preview", "remove_logo"], roles.CHANGES_BRANDING),
    # One that adds people, as all do here; others are replaced by whoever develops.
    "rotate_key": roles.MANAGES_TEAM,
    "labels": roles.DECIDES_LABELS,
    "security": roles.DECIDES_SECURITY,
    **dict.fromkeys(["agency_data", "agency_data_file"], roles.EXPORTS_AGENCY),
    **dict.fromkeys(["keep_for", "ask_for_erasure", "withdraw_erasure"], roles.ERASES_AGENCY),
    **dict.fromkeys(
        [
            "developers", "keys", "new_key", "revoke_key", "endpoints",
            "new_endpoint", "endpoint", "change_endpoint", "new_secret", "disable_endpoint",
            "enable_endpoint", "delete_endpoint", "test_endpoint", "resend_failed", "deliveries",
            "delivery", "resend", "calls", "call",
        ],
        roles.DEVELOPS,
    ),
    **dict.fromkeys(
        [
            "team", "team_invite", "team_role", "team_cap", "team_remove", "team_resend",
            "team_revoke",
        ],
        roles.MANAGES_TEAM,
    ),
}  # fmt: skip
# Whole families of addresses.
FAMILIES = {
    "media:": roles.SEES_PROJECTS,
    "projects:iacrea": roles.CONNECTS_IACREA,
}


def pages() -> dict[str, Any]:
    found = {name: pattern for name, pattern in routes() if name not in PUBLIC}
    return {name: found[name] for name in found if name.startswith(("projects:", "media:"))}


def permission_of(name: str) -> tuple[Role, ...] | None:
    family = next((who for start, who in FAMILIES.items() if name.startswith(start)), None)
    return family or PERMISSIONS.get(name.removeprefix("projects:"))


@pytest.fixture
def clients(alice: Cast) -> Clients:
    return {role: signed_in(_member(alice, role)) for role in Role}


def _member(cast: Cast, role: Role) -> Membership:
    user = User.objects.create_user(f"{role}@example.org", "a password for tests", name=role)
    return add_member(agency=cast.agency, user=user, role=role)


def asked(client: Client, name: str, job: Generation) -> int:  # noqa: F811
    """The status of the first verb that the address knows; what it did is undone. A member is
    meant who is no owner."""
    with transaction.atomic():
        found = arguments(pages()[name], job)
        if "member_id" in found:
            found["member_id"] = job.agency.memberships.get(role=Role.VIEWER).pk
        url = reverse(name, kwargs=found)
        answers = (verb(url).status_code for verb in (client.get, client.post, client.put))
        status = next(each for each in answers if each != 405)
        transaction.set_rollback(True)
    return int(status)


def test_the_table_has_every_permission() -> None:
    """What the team page prints is what the views ask."""
    named = [value for name, value in vars(roles).items() if _is_permission(name, value)]
    assert sorted(named) == sorted(who for _name, who in roles.TABLE)
    assert len({str(name) for name, _who in roles.TABLE}) == len(roles.TABLE)
    assert all(Role.OWNER in who for _name, who in roles.TABLE)


def _is_permission(name: str, value: object) -> bool:
    return name.isupper() and isinstance(value, tuple)


def test_each_route_has_its_permission() -> None:
    for name in pages():
        assert permission_of(name), f"say in tests/accounts/test_roles.py who may open {name}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_at_every_address(role: Role, job: Generation, clients: Clients) -> None:  # noqa: F811
    wrong = []
    for name in pages():
        status = asked(clients[role], name, job)
        if (status == 403) != (role not in (permission_of(name) or ())):
            wrong.append((name, status))
    assert not wrong


def test_the_api_asks_a_key_and_no_role(clients: Clients) -> None:
    for name in keyed():
        names = dict(routes())[name].pattern.converters
        url = reverse(name, kwargs={each: uuid4() for each in names})
        assert {clients[role].get(url).status_code for role in Role} == {401}, name


# --- Menus and buttons


def offered(client: Client, url: str) -> Iterator[tuple[str, str]]:
    html = client.get(url, follow=True).content.decode()
    for tag in re.findall(r"<(?:a|form)\b[^>]*>", html):
        found = re.search(r'(?:href|action)="(/[^"]*)"', tag)
        if found:
            yield ("post" if 'method="post"' in tag else "get"), unescape(found[1])


@pytest.mark.parametrize("role", list(Role))
def test_no_page_offers_what_its_reader_may_not(
    role: Role,
    job: Generation,  # noqa: F811
    clients: Clients,
) -> None:
    """Every link is followed, and every form is sent without its fields."""
    client, seen = clients[role], set()
    starts = ["/", "/notifications", reverse("projects:detail", args=[job.project_id])]
    for start in [*starts, reverse("projects:share_links", args=[job.project_id])]:
        if client.get(start).status_code == 403:
            continue
        seen |= set(offered(client, start))
    seen = {each for each in seen if "deconnexion" not in each[1] and "logout" not in each[1]}
    for verb, url in sorted(seen):
        assert getattr(client, verb)(url).status_code != 403, (verb, url)


def test_a_viewer_sees_and_shares_only(job: Generation, clients: Clients) -> None:  # noqa: F811
    page = reverse("projects:detail", args=[job.project_id])
    html = clients[Role.VIEWER].get(page).content.decode()
    forms = re.findall(r'<form[^>]*action="/projets/([^"]*)"', html)
    assert forms and all("/partager" in action or "/commentaires" in action for action in forms)
    assert "/projets/nouveau" not in clients[Role.VIEWER].get("/").content.decode()
    assert "/projets/nouveau" in clients[Role.MEMBER].get("/").content.decode()


def test_an_integrator_is_led_to_the_developers_page(clients: Clients) -> None:
    answer = clients[Role.INTEGRATOR].get("/", follow=True)
    assert answer.redirect_chain == [(reverse("projects:developers"), 302)]
    assert answer.status_code == 200 and 'href="/projets' not in answer.content.decode()
