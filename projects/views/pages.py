"""One project's page, and what changes on it while a picture is made."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import Membership
from integrations.iacrea.services import CREATE_EXTERIOR
from projects import labels, news, retention, selectors
from projects.choices import RoomType, WrongReason
from projects.estimates import kept_estimate
from projects.models import Project
from projects.sharing.selectors import is_shared
from projects.views import polling
from projects.views.access import PAGES_MODE, is_looked_at, sees_projects, workplace
from projects.views.cards import Card, cards_of, photos, project_name
from projects.views.lookup import chosen_id, project_or_404
from projects.views.refusals import Refusal
from projects.views.said import said_of
from projects.views.tree import tree_of


@dataclass(frozen=True)
class Another:
    """A button of "same zone, other type": its form's id is the id that its picture will have."""

    room_type: RoomType
    form_id: UUID


@require_safe
@sees_projects
def detail(request: HttpRequest, project_id: UUID) -> HttpResponse:
    return show(request, project_or_404(request, project_id), chosen_id(request, "image"))


@require_safe
def live(request: HttpRequest, project_id: UUID) -> HttpResponseBase:
    """The changing part of a project's page; nothing at all while its version is the same."""
    return _unchanged(request, project_id) or _changed(request, project_id)


def _unchanged(request: HttpRequest, project_id: UUID) -> HttpResponse | None:
    member = polling.member_of_pass(request, project_id)
    jobs = selectors.running_in(project_id, PAGES_MODE, member) if member else []
    if not jobs:
        return None
    waits = [polling.wait_for(job, kept_estimate(job.upstream_origin)) for job in jobs]
    return polling.unchanged(request, jobs[0].project_version, min(waits))


@sees_projects
def _changed(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = project_or_404(request, project_id)
    idle = polling.SHARED if is_shared(project) else None
    if unchanged := polling.unchanged(request, project.version, idle):
        return unchanged
    context = _context(request, project, chosen_id(request, "image"))
    response = polling.changed(request, "projects/_live.html", context)
    wait = min((card.wait for card in context["running"]), default=idle)
    return polling.paced(response, project.version, wait)


def show(
    request: HttpRequest, project: Project, chosen: UUID | None, refusal: Refusal | None = None
) -> HttpResponse:
    """A project's page, with a refusal on top when its last action was refused."""
    context = _context(request, project, chosen)
    months = workplace(request).agency.kept_months
    context |= {
        "refusal": refusal,
        "here": reverse("projects:detail", args=[project.pk]),
        "bin_day": retention.bin_day_of(project, months),
    }
    status = refusal.status if refusal else 200
    return render(request, "projects/detail.html", context, status=status)


def _context(request: HttpRequest, project: Project, chosen: UUID | None) -> dict[str, Any]:
    place = workplace(request)
    rows = selectors.any_generations_of(place.agency, place.mode).filter(project=project)
    cards = cards_of(list(rows))
    if not is_looked_at(request):
        news.mark_seen(place.membership, (card.generation for card in cards))
    ready = [card for card in cards if card.picture]
    shown = _one(ready, chosen) or (ready[-1] if ready else None)
    comparable = [card for card in ready if card is not shown]
    before = _one(comparable, chosen_id(request, "with"))
    price = CREATE_EXTERIOR.photos_per_variation
    return {
        "project": project,
        "name": project_name(project),
        "etag": polling.etag(project.version),
        "cards": cards,
        "tree": tree_of(cards),
        "shown": shown,
        "before": before,
        "comparable": comparable,
        "live": _live_address(project, place.membership, chosen, before),
        "said": said_of(project),
        "is_shared": is_shared(project),
        "may_share": place.membership.role in roles.SHARES,
        "may_quote": place.membership.role in roles.QUOTES,
        "running": [card for card in cards if card.is_running],
        "others": _others(shown),
        "may_go_without_label": labels.may_go_without(place.membership),
        "wrong_reasons": list(WrongReason),
        "variation_price": photos(price) if price else "",
    }


def _one(cards: list[Card], chosen: UUID | None) -> Card | None:
    return next((card for card in cards if card.generation.pk == chosen), None)


def _live_address(
    project: Project, member: Membership, chosen: UUID | None, before: Card | None
) -> str:
    kept = {"image": chosen, "with": before and before.generation.pk}
    url = reverse("projects:live", args=[project.pk])
    return polling.address(url, member, project.pk, **kept)


def _others(shown: Card | None) -> list[Another]:
    same = shown.generation.room_type if shown else None
    return [Another(other, uuid4()) for other in RoomType if shown and other != same]
