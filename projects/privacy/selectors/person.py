"""All that is kept of one person, in whatever agencies."""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet

from accounts.models import (
    AuditEntry,
    Invitation,
    Membership,
    Notification,
    NotificationChoice,
    PhotoRequest,
    User,
)
from projects.models import ClientComment, Complaint, Generation, Project, ShareLink
from projects.privacy.json_lines import Row, Section

# Rows of a list that are read at once.
CHUNK = 500


def sections_of(user: User) -> Iterator[Section]:
    yield from _account(user)
    members = list(user.memberships.values_list("pk", flat=True))
    told = {"member__in": members}
    yield "notifications", _rows(Notification, told, "kind", "facts", "created_at", "read_at")
    yield "notification_choices", _rows(NotificationChoice, told, "kind", "in_app", "by_mail")
    yield from _made({"author__in": members})
    yield from _asked({"author__in": members})
    yield "invitations_received", _rows(Invitation, {"email": user.email}, *INVITATION)
    yield "audit", _audit(user, members)


INVITATION = ("id", "agency_id", "email", "role", "created_at", "expires_at", "accepted_at",
              "revoked_at")  # fmt: skip


def _account(user: User) -> Iterator[Section]:
    names = ("id", "email", "claimed_email", "name", "language", "is_staff", "is_active",
             "date_joined", "last_login")  # fmt: skip
    mine = {"user": user}
    yield "user", _rows(User, {"pk": user.pk}, *names)
    yield "email_addresses", _rows(EmailAddress, mine, "email", "verified", "primary")
    yield "second_factors", _rows(Authenticator, mine, "type", "created_at", "last_used_at")
    yield "sessions", _rows(UserSession, mine, "ip", "user_agent", "created_at", "last_seen_at")
    members = user.memberships.annotate(agency_name=F("agency__name"))
    yield "memberships", _values(
        members, "id", "agency_id", "agency_name", "role", "iacrea_user_id", "monthly_cap",
        "created_at", "removed_at",
    )  # fmt: skip


def _made(theirs: dict[str, Any]) -> Iterator[Section]:
    yield "projects", _rows(
        Project, theirs, "id", "agency_id", "mode", "title", "created_at", "updated_at",
        "removed_at", "erased_at",
    )  # fmt: skip
    pictures = Generation.objects.filter(**theirs).annotate(title=F("project__title"))
    yield "pictures", _values(
        pictures, "id", "project_id", "title", "mode", "room_type", "status", "source", "note",
        "metadata", "created_at", "ended_at", "removed_at", "erased_at",
    )  # fmt: skip
    yield (
        "share_links",
        _rows(
            ShareLink, theirs, "id", "project_id", "created_at", "expires_at", "revoked_at", "views"
        ),
    )


def _asked(theirs: dict[str, Any]) -> Iterator[Section]:
    yield (
        "complaints",
        _rows(Complaint, theirs, "generation_id", "reason", "text", "created_at", "closed_at"),
    )
    yield "comments", _rows(ClientComment, theirs, "generation_id", "name", "text", "created_at")
    yield (
        "photo_requests",
        _rows(
            PhotoRequest, theirs, "id", "agency_id", "photos", "message", "created_at", "closed_at"
        ),
    )
    yield "invitations_sent", _rows(Invitation, theirs, *INVITATION)


def _audit(user: User, members: list[Any]) -> Iterable[Row]:
    """By the agencies, which are indexed; staff act in any of them."""
    ids = [str(pk) for pk in (user.pk, *members)]
    rows = AuditEntry.objects.filter(actor_id__in=ids)
    if not user.is_staff:
        rows = rows.filter(agency__in=Membership.objects.filter(user=user).values("agency"))
    return _values(rows, "id", "agency_id", "action", "target", "reason", "detail", "created_at")


def sessions_of(user: User) -> Iterator[Session]:
    """The table does not say whose they are, and allauth's has not all of them: each is opened."""
    for session in Session.objects.iterator(CHUNK):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            yield session


def _rows(model: Any, which: dict[str, Any], *names: str) -> Iterable[Row]:
    return _values(model.objects.filter(**which), *names)


def _values(rows: QuerySet[Any], *names: str) -> Iterable[Row]:
    values: Iterable[Row] = rows.values(*names).iterator(CHUNK)
    return values
