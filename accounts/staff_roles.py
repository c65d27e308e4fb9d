"""What support staff may: the one table of roles, which the database's groups are made of, and
giving a person one of them. Superusers stand outside; they are for whoever runs the machine."""

from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction

from accounts.audit import record
from accounts.models import User
from accounts.staff.command import MONEY, SECURITY, SUPPORT

# Beside the right to look at every list of the admin.
ROLES: dict[str, tuple[str, ...]] = {
    "reader": (),
    "support": (SUPPORT,),
    "senior": (SUPPORT, MONEY),
    "security": (SUPPORT, SECURITY),
}
NONE, SUPERUSER = "none", "superuser"
# Whose models staff look at: libraries' are registered until the addresses are loaded.
OURS = {"accounts", "projects", "iacrea", "webhooks"}


def group_name(role: str) -> str:
    return f"Parterre: {role}"


def permissions_of(role: str) -> set[str]:
    """As `has_perm` takes them."""
    models = [model for model in admin.site._registry if model._meta.app_label in OURS]
    views = {f"{model._meta.app_label}.view_{model._meta.model_name}" for model in models}
    return views | set(ROLES[role])


def sync_roles(sender: AppConfig, using: str = "default", **_signal: Any) -> None:
    """Receives post_migrate; safe to repeat. What a group was given by hand is taken away."""
    tables = connections[using].introspection.table_names()
    if not {Group._meta.db_table, User._meta.db_table} <= set(tables):
        return  # migrated back to zero
    named = Permission.objects.using(using).filter(content_type__app_label__in=OURS)
    rows = {
        f"{label}.{code}": pk
        for pk, label, code in named.values_list("pk", "content_type__app_label", "codename")
    }
    for role in ROLES:
        group, _made = Group.objects.using(using).get_or_create(name=group_name(role))
        # One that does not exist yet, of an app that is not migrated, comes with that app's turn.
        group.permissions.set(rows[name] for name in permissions_of(role) if name in rows)


@transaction.atomic
def give_role(user: User, role: str, *, actor_id: str, reason: str) -> bool:
    """The role is all that the person may do from now on; `none` takes everything away. False: it
    was so already."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = role_of(user)
    if before == role:
        return False
    user.is_staff, user.is_superuser = role != NONE, False
    user.save(update_fields=["is_staff", "is_superuser"])
    user.user_permissions.clear()
    user.groups.set([] if role == NONE else Group.objects.filter(name=group_name(role)))
    record(
        agency=None, action="staff.role", target=str(user.pk), actor_id=actor_id, reason=reason,
        detail={"was": before, "role": role},
    )  # fmt: skip
    return True


def role_of(user: User) -> str:
    """By the table; what was put together by hand is told as it is."""
    if not user.is_staff:
        return NONE
    if user.is_superuser:
        return SUPERUSER
    names = sorted(user.groups.values_list("name", flat=True))
    alone = names[0] if len(names) == 1 and not user.user_permissions.exists() else ""
    return next((role for role in ROLES if group_name(role) == alone), ", ".join(names) or "staff")
