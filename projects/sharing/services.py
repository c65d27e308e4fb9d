"""Writes of links and of what clients say on them.

Locks are taken in one order: generation, project, link, as transitions and erasures do. So nothing
is said on a link that is revoked in this moment, and no erasure leaves words behind.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import audit
from accounts.choices import NotificationKind
from accounts.models import Membership
from accounts.notifications import notify, notify_owners
from integrations.doors.clock import database_now
from projects.models import (
    Approval,
    ClientComment,
    Generation,
    Project,
    SharedGeneration,
    ShareLink,
)
from projects.services import change_project
from projects.sharing import limits, selectors, tokens

USUAL_DAYS = 30
# A link is given out again only while it lives as long as a client may take.
WORTH_GIVING = timedelta(days=7)
MOST_PICTURES = 20
MOST_COMMENTS = 50
# The same words again are the same tap.
SAME_TAP = timedelta(minutes=10)
# Who looks again within a second, or reloads again and again, is written down once.
VIEW_EVERY = timedelta(seconds=1)


class LinkOver(Exception):
    """The link or the picture is gone, perhaps in this very moment."""


class TooManyComments(Exception):
    """The link has as many as it takes."""


@transaction.atomic
def create_link(
    *,
    project: Project,
    author: Membership,
    generations: list[Generation],
    days: int | None = USUAL_DAYS,
    with_code: bool = False,
) -> ShareLink:
    """`generations` are of this project and ready, at least one; `days` None: until it is
    revoked."""
    token = tokens.new_token()
    link = ShareLink.objects.create(
        agency_id=project.agency_id,
        mode=project.mode,
        project=project,
        author=author,
        token=token,
        token_sha256=tokens.hashed(token),
        code=tokens.new_code() if with_code else "",
        expires_at=database_now() + timedelta(days=days) if days else None,
    )
    SharedGeneration.objects.bulk_create(
        SharedGeneration(link=link, generation=generation, position=place)
        for place, generation in enumerate(generations[:MOST_PICTURES], start=1)
    )
    change_project(project)
    return link


@transaction.atomic
def usual_link(*, project: Project, author: Membership) -> ShareLink | None:
    """The link that one tap gives: of the favourites, else of all that is ready, for 30 days. One
    that is the same and lives for a week is given out again. None: nothing is ready."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    chosen = usual_choice(selectors.ready_of(project))
    if not chosen:
        return None
    return _same_link(project, chosen) or create_link(
        project=project, author=author, generations=chosen
    )


def usual_choice(ready: list[Generation]) -> list[Generation]:
    """The newest first: it is shown largest."""
    favourites = [each for each in ready if each.favourite]
    return list(reversed(favourites or ready))[:MOST_PICTURES]


def _same_link(project: Project, chosen: list[Generation]) -> ShareLink | None:
    wanted = [each.pk for each in chosen]
    for link in selectors.open_links(project).order_by("-created_at"):
        lives = not link.expires_at or link.expires_at > timezone.now() + WORTH_GIVING
        shown = list(link.shared.values_list("generation_id", flat=True))
        if lives and not link.code and shown == wanted:
            return link
    return None


@transaction.atomic
def revoke(link: ShareLink, *, actor_id: str) -> None:
    """At once, for its pictures too. Of two who do it, the first is on record."""
    change_project(link.project)
    rows = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
    if rows.update(revoked_at=database_now()):
        audit.record(
            agency=link.agency, action="share_link.revoked", target=str(link.pk),
            actor_id=actor_id, detail={"project": str(link.project_id)},
        )  # fmt: skip


def count_view(link: ShareLink) -> None:
    """One statement, which writes at most once in a second."""
    now = timezone.now()
    due = Q(last_viewed_at=None) | Q(last_viewed_at__lte=now - VIEW_EVERY)
    rows = ShareLink.objects.filter(due, pk=link.pk)
    rows.update(views=F("views") + 1, last_viewed_at=now)


def is_code_closed(link: ShareLink) -> bool:
    return link.wrong_codes >= limits.MOST_WRONG_CODES


def try_code(link: ShareLink, typed: str) -> bool:
    if is_code_closed(link):
        return False
    if tokens.is_code(link, typed):
        return True
    ShareLink.objects.filter(pk=link.pk).update(wrong_codes=F("wrong_codes") + 1)
    return False


@transaction.atomic
def approve(link: ShareLink, shared: SharedGeneration, *, name: str, network: str) -> Approval:
    """A yes that stands already is returned as it is. LinkOver."""
    _lock(link, shared.generation)
    picture = selectors.picture_of(shared)
    if picture is None:
        raise LinkOver
    approval, new = Approval.objects.get_or_create(
        link=link,
        generation=shared.generation,
        withdrawn_at=None,
        defaults={"picture_sha256": picture.sha256, "name": name, "network": network},
    )
    if new:
        _tell(link, shared.generation, NotificationKind.APPROVED, name)
    return approval


def is_own_tap(approval: Approval, *, name: str, network: str) -> bool:
    """Whether it is what this client just said; who says yes to another's yes may not take that
    back."""
    fresh = timezone.now() - approval.created_at < SAME_TAP
    return fresh and (approval.name, approval.network) == (name, network)


@transaction.atomic
def comment(
    link: ShareLink, shared: SharedGeneration, *, name: str, text: str, network: str
) -> ClientComment:
    """The same words a second time are the same comment. LinkOver, TooManyComments."""
    _lock(link, shared.generation)
    rows = ClientComment.objects.filter(link=link, answers=None)
    said = {"generation": shared.generation, "name": name, "text": text, "network": network}
    same = rows.filter(withdrawn_at=None, created_at__gt=timezone.now() - SAME_TAP, **said).first()
    if same:
        return same
    if rows.count() >= MOST_COMMENTS:
        raise TooManyComments
    made = ClientComment.objects.create(link=link, **said)
    _tell(link, shared.generation, NotificationKind.COMMENTED, name)
    return made


@transaction.atomic
def withdraw_approval(link: ShareLink, approval_id: int) -> bool:
    """It is kept that there was one, and that it was withdrawn. False: it was already."""
    change_project(link.project)
    rows = Approval.objects.filter(link=link, pk=approval_id, withdrawn_at=None)
    return bool(rows.update(withdrawn_at=database_now()))


@transaction.atomic
def withdraw_comment(link: ShareLink, comment_id: int) -> bool:
    """Its words are gone. False: they were already."""
    change_project(link.project)
    rows = ClientComment.objects.filter(link=link, pk=comment_id, withdrawn_at=None, answers=None)
    return bool(rows.update(withdrawn_at=database_now(), text="", name="", network=""))


@transaction.atomic
def answer(to: ClientComment, *, author: Membership, text: str) -> ClientComment:
    """Shown under the comment, by the member's name. LinkOver: the comment was withdrawn."""
    change_project(to.link.project)
    if not ClientComment.objects.select_for_update().filter(pk=to.pk, withdrawn_at=None).exists():
        raise LinkOver
    return ClientComment.objects.create(
        link=to.link,
        generation=to.generation,
        answers=to,
        author=author,
        name=author.user.name or author.agency.name,
        text=text,
    )


# --- Erasure


def blank_words(generations: Iterable[UUID]) -> None:
    """What clients said of these pictures, and what they were answered."""
    ids = list(generations)
    Approval.objects.filter(generation__in=ids).update(name="", network="")
    said = ClientComment.objects.filter(generation__in=ids)
    said.update(name="", text="", network="")


def end_links(project: Project) -> None:
    """Of a project that is erased."""
    ClientComment.objects.filter(link__project=project).update(name="", text="", network="")
    links = ShareLink.objects.filter(project=project)
    links.update(code="")
    links.filter(revoked_at=None).update(revoked_at=database_now())


def _lock(link: ShareLink, generation: Generation) -> None:
    """Nothing of it ends while this transaction writes. LinkOver: it has ended."""
    job = Generation.objects.select_for_update(of=("self",)).filter(pk=generation.pk).first()
    project = Project.objects.select_for_update(of=("self",)).filter(pk=link.project_id).first()
    row = ShareLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if not job or not project or not row or job.removed_at or job.erased_at:
        raise LinkOver
    row.project = project
    if selectors.is_over(row):
        raise LinkOver


def _tell(link: ShareLink, generation: Generation, kind: NotificationKind, name: str) -> None:
    """The project's open pages, and whoever made the link; the owners when nobody has it now."""
    change_project(link.project)
    facts = {
        "project_id": str(link.project_id),
        "project": link.project.title,
        "generation_id": str(generation.pk),
        "client": name,
    }
    if link.author:
        notify(link.author, kind, facts)
    else:
        notify_owners(link.agency, kind, facts)
