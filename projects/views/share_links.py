"""The agency's side of sharing: links of a project, who may see it and until when, and answers to
what clients wrote."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles
from projects import selectors
from projects.models import Project, ShareLink
from projects.sharing import selectors as sharing
from projects.sharing import services
from projects.sharing.forms import AnswerForm, LinkForm
from projects.sharing.page import address_of
from projects.views.access import role_required, workplace
from projects.views.cards import Card, cards_of, project_name
from projects.views.lookup import chosen_id, or_404, project_or_404
from projects.views.pages import show
from projects.views.refusals import Problem, Refusal
from projects.views.removing import to_picture
from projects.views.sign_up import confirmed_required

may_share = role_required(*roles.SHARES)


@dataclass(frozen=True)
class LinkRow:
    """A line of the table. `number` tells the links of a project apart: the oldest is 1."""

    link: ShareLink
    number: int

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_BASE_URL}{address_of(self.link)}"

    @property
    def has_expired(self) -> bool:
        return sharing.has_expired(self.link)

    @property
    def is_open(self) -> bool:
        return not self.link.revoked_at and not self.has_expired

    @property
    def is_locked(self) -> bool:
        return bool(self.link.code) and services.is_code_closed(self.link)


@require_http_methods(["GET", "HEAD", "POST"])
@may_share
@confirmed_required
def links(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The table, and the form of a link with pictures, end and code of one's choice."""
    project = project_or_404(request, project_id)
    if request.method != "POST":
        return _page(request, project)
    ready = {str(each.pk): each for each in sharing.ready_of(project)}
    form = LinkForm(request.POST, ready=list(ready))
    if refusal := Refusal.of_form(form, _("The link was not made")):
        return _page(request, project, refusal)
    link = services.create_link(
        project=project,
        author=workplace(request).membership,
        generations=[ready[each] for each in form.cleaned_data["pictures"]],
        days=form.lives,
        with_code=form.cleaned_data["code"],
    )
    return _to_link(project, link)


@require_POST
@may_share
@confirmed_required
def usual(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """One tap on "Share": the link with all that is usual is there."""
    project = project_or_404(request, project_id)
    link = services.usual_link(project=project, author=workplace(request).membership)
    return _to_link(project, link) if link else redirect("projects:share_links", project.pk)


@require_POST
@may_share
def revoke(request: HttpRequest, project_id: UUID, link_id: UUID) -> HttpResponse:
    project, place = project_or_404(request, project_id), workplace(request)
    link = or_404(sharing.link_of, place.agency, place.mode, project, link_id)
    services.revoke(link, actor_id=str(place.membership.pk))
    messages.success(request, _("The link is revoked: it and its pictures open no more."))
    return redirect("projects:share_links", project.pk)


@require_POST
@may_share
def answer(request: HttpRequest, project_id: UUID, comment_id: int) -> HttpResponse:
    project, place = project_or_404(request, project_id), workplace(request)
    comment = or_404(sharing.comment_of, place.agency, place.mode, project, comment_id)
    form, about = AnswerForm(request.POST), comment.generation
    if refusal := Refusal.of_form(form, _("The answer was not sent")):
        return show(request, project, about.pk if about else None, refusal)
    try:
        services.answer(comment, author=place.membership, text=form.cleaned_data["answer"])
    except services.LinkOver:
        gone = [Problem(_("The client has taken the comment back."))]
        return show(request, project, None, Refusal(_("The answer was not sent"), gone, 409))
    messages.success(request, _("The answer stands under the comment, on the client's page."))
    return to_picture(about) if about else redirect("projects:detail", project.pk)


def _to_link(project: Project, link: ShareLink) -> HttpResponse:
    page = reverse("projects:share_links", args=[project.pk])
    return redirect(f"{page}?{urlencode({'link': str(link.pk)})}")


def _page(request: HttpRequest, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    place = workplace(request)
    rows = list(sharing.links_of(place.agency, place.mode, project))
    lines = [LinkRow(row, len(rows) - place_) for place_, row in enumerate(rows)]
    chosen = chosen_id(request, "link")
    ready = _ready(request, project)
    context: dict[str, Any] = {
        "project": project,
        "name": project_name(project),
        "lines": lines,
        "made": next((each for each in lines if each.link.pk == chosen and each.is_open), None),
        "ready": ready,
        "chosen": _chosen(request, ready),
        "days": LinkForm.DAYS,
        "lives": request.POST.get("days", str(services.USUAL_DAYS)),
        "refusal": refusal,
        "here": reverse("projects:share_links", args=[project.pk]),
    }
    status = refusal.status if refusal else 200
    return render(request, "share/links.html", context, status=status)


def _ready(request: HttpRequest, project: Project) -> list[Card]:
    """The newest first, as the client sees them."""
    place = workplace(request)
    rows = selectors.any_generations_of(place.agency, place.mode).filter(project=project)
    return [card for card in reversed(cards_of(list(rows))) if card.picture]


def _chosen(request: HttpRequest, ready: list[Card]) -> list[str]:
    """Ids that are ticked: what was sent, else what is usual."""
    if request.method == "POST":
        return request.POST.getlist("pictures")
    usual_ = services.usual_choice([card.generation for card in reversed(ready)])
    return [str(each.pk) for each in usual_]
