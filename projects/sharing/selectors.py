"""Reads of links. A link is found by its token's hash, or by the agency whose project it shows."""

from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet
from projects.choices import Status
from projects.models import (
    Approval,
    ClientComment,
    Generation,
    Picture,
    Project,
    SharedGeneration,
    ShareLink,
)
from projects.sharing.tokens import hashed


def link_by_token(token: str) -> ShareLink:
    """DoesNotExist for a token that nobody has. What has ended is found too: see `is_over`."""
    rows = ShareLink.objects.select_related("agency", "project", "author")
    return rows.defer("project__draft").get(token_sha256=hashed(token))


def is_over(link: ShareLink) -> bool:
    """Revoked, expired, or its project is in the bin or erased."""
    project = link.project
    ended = link.revoked_at or project.removed_at or project.erased_at
    return bool(ended) or has_expired(link)


def has_expired(link: ShareLink) -> bool:
    return link.expires_at is not None and link.expires_at <= timezone.now()


def shared_of(link: ShareLink) -> list[SharedGeneration]:
    """In the order of the page; without what was removed or erased since."""
    return [each for each in _shared(link) if picture_of(each)]


def shared_at(link: ShareLink, position: int) -> SharedGeneration:
    """DoesNotExist when nothing is shown there (any more)."""
    shared = _shared(link).get(position=position)
    if not picture_of(shared):
        raise SharedGeneration.DoesNotExist
    return shared


def picture_of(shared: SharedGeneration) -> Picture | None:
    return next(iter(shared.generation.pictures.all()), None)


def _shared(link: ShareLink) -> QuerySet[SharedGeneration]:
    rows = SharedGeneration.objects.filter(link=link, generation__status=Status.SUCCEEDED)
    shown = rows.filter(generation__removed_at=None, generation__erased_at=None)
    related = shown.select_related("generation__photo").defer("generation__photo__operations")
    return related.prefetch_related("generation__pictures")


# --- The agency's side


def links_of(agency: Agency, mode: Mode, project: Project) -> TenantQuerySet[ShareLink]:
    """The newest first, each with `pictures`, how many it was made to show."""
    rows = ShareLink.objects.for_agency(agency, mode).filter(project=project)
    counted = rows.annotate(pictures=Count("shared")).select_related("author__user")
    return counted.order_by("-created_at")


def link_of(agency: Agency, mode: Mode, project: Project, link_id: UUID) -> ShareLink:
    return links_of(agency, mode, project).get(pk=link_id)


def open_links(project: Project) -> QuerySet[ShareLink]:
    fresh = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ShareLink.objects.filter(fresh, project=project, revoked_at=None)


def is_shared(project: Project) -> bool:
    return open_links(project).exists()


def ready_of(project: Project) -> list[Generation]:
    """What a link can show, oldest first."""
    rows = Generation.objects.filter(project=project, status=Status.SUCCEEDED)
    return list(rows.filter(removed_at=None, erased_at=None).order_by("created_at"))


def comment_of(agency: Agency, mode: Mode, project: Project, comment_id: int) -> ClientComment:
    """One that a client wrote and has not taken back."""
    rows = ClientComment.objects.filter(link__agency=agency, link__mode=mode, link__project=project)
    said = rows.filter(author=None, answers=None, withdrawn_at=None)
    return said.select_related("link").get(pk=comment_id)


def approvals_in(project: Project) -> list[Approval]:
    """Those that were withdrawn too; the oldest first."""
    rows = Approval.objects.filter(link__project=project)
    return list(rows.select_related("generation").order_by("created_at", "pk"))


def comments_in(project: Project) -> list[ClientComment]:
    rows = ClientComment.objects.filter(link__project=project).select_related("author__user")
    return list(rows)


# --- What a link's page shows of what was said


def approvals_on(link: ShareLink) -> list[Approval]:
    """Those that stand."""
    return list(Approval.objects.filter(link=link, withdrawn_at=None))


def comments_on(link: ShareLink) -> list[ClientComment]:
    rows = ClientComment.objects.filter(link=link, withdrawn_at=None)
    return list(rows.select_related("author__user"))


# --- What still stands of it, for the quote sheet


def standing_approvals(project: Project) -> QuerySet[Approval]:
    """Oldest first. Of a picture that was removed, or is another one by now, there is none."""
    rows = Approval.objects.filter(
        link__project=project,
        withdrawn_at=None,
        generation__removed_at=None,
        generation__pictures__position=0,
        generation__pictures__sha256=F("picture_sha256"),
    )
    return rows.select_related("generation").order_by("created_at", "pk")


def standing_comments(generation: Generation) -> QuerySet[ClientComment]:
    """On this picture or on all of them, oldest first, with the agency's answers as rows of their
    own. Without what was withdrawn or erased."""
    about = Q(generation=generation) | Q(generation=None)
    rows = ClientComment.objects.filter(about, link__project=generation.project_id)
    standing = Q(answers=None) | Q(answers__withdrawn_at=None)
    return rows.filter(standing, withdrawn_at=None).exclude(text="").order_by("created_at", "pk")
