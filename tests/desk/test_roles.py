"""Every address of the admin with every role of staff: who may look, who may do, and that nobody at
all may write past a command."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import AuditEntry, User
from accounts.staff.command import MONEY, SECURITY, SUPPORT, _registry
from accounts.staff_roles import (
    NONE,
    ROLES,
    SUPERUSER,
    give_role,
    group_name,
    permissions_of,
    role_of,
    sync_roles,
)
from projects.models import Generation
from tests.conftest import Cast, signed_in
from tests.test_admin import LISTED, address, fill
from tests.test_isolation import routes

pytestmark = pytest.mark.django_db
PASSWORD, WHY = "a password for tests", "she joins us"
DOES = {
    "reader": set(), "support": {SUPPORT}, "senior": {SUPPORT, MONEY},
    "security": {SUPPORT, SECURITY}, "no role": set(), SUPERUSER: {SUPPORT, MONEY, SECURITY},
}  # fmt: skip
STAFF = list(DOES)
SEES = [role for role in STAFF if role != "no role"]
# The desk's own pages, and what each asks for; "" is any staff.
LOOKS = "projects.view_generation"
DESK = {
    "find": "", "leave": "", "proposals": "", "health": LOOKS, "agency": "accounts.view_agency",
    "agency_note": SUPPORT, "look": SUPPORT, "decide": SUPPORT, "pictures": LOOKS,
}  # fmt: skip
# By the command, and by a pass that a logged click gives.
APART = {"command", "picture_file"}
# Django's, of all models together.
COMMON = {"index", "login", "logout", "password_change", "password_change_done", "autocomplete",
          "jsi18n", "view_on_site", "app_list", "(?P<url>.*)$"}  # fmt: skip


@pytest.fixture
def job(alice: Cast) -> Generation:
    return fill(alice)


def person(role: str) -> User:
    name = f"{role.replace(' ', '-')}@example.org"
    if role == SUPERUSER:
        return User.objects.create_superuser(name, PASSWORD)
    user = User.objects.create_user(name, PASSWORD, is_staff=role == "no role")
    if role in ROLES:
        give_role(user, role, actor_id="test", reason=WHY)
    return User.objects.get(pk=user.pk)


def desk_of(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def with_row(name: str, job: Generation) -> str:
    member = job.agency.memberships.order_by("created_at")[0]
    ids: dict[str, Any] = {
        "look": {"member_id": member.pk}, "agency": {"pk": job.agency_id},
        "agency_note": {"pk": job.agency_id}, "decide": {"pk": job.pk},
        "pictures": {"generation_id": job.pk},
    }  # fmt: skip
    return reverse(f"desk:{name}", kwargs=ids.get(name, {}))


# --- The walk


def test_each_address_of_the_admin_is_in_the_walk() -> None:
    get_resolver().url_patterns  # noqa: B018  # what libraries registered goes with the URLs
    names = {name.removeprefix("admin:") for name, _p in routes() if name.startswith("admin:")}
    kinds = {f"{m._meta.app_label}_{m._meta.model_name}" for m in LISTED}
    of_models = {f"{k}_{page}" for k in kinds for page in (*LOOKED_AT, *WRITES)}
    assert {name for name in names - COMMON if not _is_redirect(name)} == of_models
    desk = {name.removeprefix("desk:") for name, _p in routes() if name.startswith("desk:")}
    assert desk == set(DESK) | APART, "say in tests/desk/test_roles.py whom it is for"


LOOKED_AT, WRITES = ("changelist", "change", "history"), ("add", "delete")


def _is_redirect(name: str) -> bool:
    """A row's old address, which leads to its page."""
    return name == "<path:object_id>/"


def looked_at() -> Iterator[str]:
    for model in LISTED:
        yield address(model, "changelist")
        row = model._default_manager.first()
        assert row is not None, model
        yield address(model, "change", row.pk)
        yield address(model, "history", row.pk)


def writing() -> Iterator[str]:
    for model in LISTED:
        row = model._default_manager.first()
        assert row is not None, model
        yield address(model, "add")
        yield address(model, "delete", row.pk)


@pytest.mark.parametrize("role", SEES)
def test_a_role_looks_at_everything_and_writes_nothing(role: str, job: Generation) -> None:
    """Superusers neither."""
    client = desk_of(role)
    for page in ["/admin/", "/admin/accounts/", "/admin/jsi18n/", *looked_at()]:
        assert client.get(page).status_code == 200, page
    for page in writing():
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403), page
    for model in LISTED:
        row = model._default_manager.first()
        assert row is not None
        changed = client.post(address(model, "change", row.pk), {"_save": "Save"})
        # The desk's own page of an agency takes no form.
        assert changed.status_code in (403, 405), model


def test_staff_without_a_role_see_nothing(job: Generation) -> None:
    client = desk_of("no role")
    assert client.get("/admin/").status_code == 200
    for page in [*looked_at(), *writing()]:
        assert client.get(page).status_code == 403, page


def test_customers_stay_outside(job: Generation, alice: Cast) -> None:
    desk = [with_row(name, job) for name in DESK]
    client = signed_in(alice.owner)
    for page in ["/admin/", *desk, *looked_at(), *writing()]:
        answer = client.get(page)
        assert answer.status_code == 302 and "/login/" in answer["Location"], page


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("name", sorted(set(DESK) - {"decide"}))
def test_the_desks_own_pages(role: str, name: str, job: Generation) -> None:
    user = person(role)
    client = Client()
    client.force_login(user)
    page, needed = with_row(name, job), DESK[name]
    may = not needed or user.has_perm(needed)
    status = client.get(page).status_code
    status = client.post(page).status_code if status == 405 else status
    assert status in ((200, 302) if may else (403,)), status


@pytest.mark.parametrize("role", STAFF)
def test_a_role_has_the_commands_of_its_permissions(role: str, job: Generation) -> None:
    client, wrong = desk_of(role), []
    for command in _registry.values():
        row = command.model._default_manager.first()
        assert row is not None, command.name
        status = client.get(reverse("desk:command", args=[command.name, row.pk])).status_code
        if status != (200 if command.permission in DOES[role] else 403):
            wrong.append((command.name, status))
    assert not wrong


def test_no_form_of_a_library_is_there() -> None:
    """django-q's schedules and tasks name functions that a worker calls."""
    get_resolver().url_patterns  # noqa: B018
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels == {"accounts", "projects", "iacrea", "webhooks"}
    client = desk_of(SUPERUSER)
    for kind in ("schedule", "success", "failure", "ormq"):
        for page in ("", "add/"):
            assert client.get(f"/admin/django_q/{kind}/{page}").status_code == 404


# --- The table and the groups


def test_the_groups_are_the_table() -> None:
    for role in ROLES:
        user = person(role)
        assert user.get_all_permissions() == permissions_of(role)
        does = user.get_all_permissions() & {SUPPORT, MONEY, SECURITY}
        assert does == DOES[role]
        codes = {name.split(".")[1].split("_")[0] for name in user.get_all_permissions() - does}
        assert codes == {"view"}


def test_what_was_changed_by_hand_comes_back() -> None:
    group = Group.objects.get(name=group_name("reader"))
    group.permissions.set(Permission.objects.filter(codename="money"))
    Group.objects.filter(name=group_name("senior")).delete()
    for _ in range(2):
        call_command("migrate", verbosity=0)
        assert {person.name for person in Group.objects.all()} == {group_name(r) for r in ROLES}
        assert group.permissions.count() == len(permissions_of("reader"))


def test_nothing_to_do_is_cheap() -> None:
    with CaptureQueriesContext(connection) as queries:
        sync_roles(sender=None)  # type: ignore[arg-type]
    assert len(queries) <= 2 + 2 * len(ROLES)
    assert not [each for each in queries if each["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]


# --- Giving a role


def give(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("staff_role", *arguments, stdout=out, **{"reason": WHY, **options})
    return out.getvalue()


def trail() -> list[tuple[str, str, Any]]:
    rows = AuditEntry.objects.filter(action="staff.role").order_by("created_at")
    return [(row.target, row.reason, row.detail) for row in rows]


def test_a_role_is_given_replaced_and_taken_away(alice: Cast) -> None:
    user = User.objects.create_user("erin@example.org", PASSWORD)
    told = []
    for before, role in ((NONE, "support"), ("support", "senior"), ("senior", NONE)):
        assert give("Erin@example.org", role) == f"erin@example.org: {role}\n"
        user = User.objects.get(pk=user.pk)
        assert role_of(user) == role and user.is_staff == (role != NONE)
        assert user.groups.count() == (role != NONE)
        told.append((str(user.pk), WHY, {"was": before, "role": role}))
    assert trail() == told
    assert give("erin@example.org", NONE) == "erin@example.org: none already\n"
    assert trail() == told
    assert not user.get_all_permissions()


def test_a_role_is_all_that_one_has() -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    root.user_permissions.add(Permission.objects.get(codename="money"))
    give("root@example.org", "reader")
    root = User.objects.get(pk=root.pk)
    assert not root.is_superuser and root.get_all_permissions() == permissions_of("reader")
    assert trail()[0][2] == {"was": SUPERUSER, "role": "reader"}


def test_what_was_put_together_by_hand_is_told(db: None) -> None:
    user = User.objects.create_user("erin@example.org", PASSWORD, is_staff=True)
    assert role_of(user) == "staff"
    user.groups.set(Group.objects.filter(name__in=[group_name("reader"), group_name("senior")]))
    assert role_of(user) == "Parterre: reader, Parterre: senior"


def test_nobody_gets_in_by_a_mistake_in_an_address(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody has the address"):
        give("frank@example.org", "reader")
    with pytest.raises(CommandError, match="Say why"):
        give("frank@example.org", "reader", reason="  ", new=True)
    with pytest.raises(CommandError, match="invalid choice"):
        give("frank@example.org", "boss", "--new")
    assert not User.objects.filter(email="frank@example.org").exists()
    give("frank@example.org", "reader", new=True, name="Frank")
    user = User.objects.get(email="frank@example.org")
    assert user.is_staff and not user.has_usable_password() and user.name == "Frank"


def test_who_lost_the_role_is_outside_with_the_next_page() -> None:
    user = person("senior")
    client = Client()
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    give(user.email, NONE)
    assert "/login/" in client.get("/admin/")["Location"]
