"""Into the bin and back: a picture, a project, and the page that lists what was removed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from projects import keeping, selectors
from projects.models import Generation, Project
from projects.views.access import workplace, works_on_projects
from projects.views.cards import project_name
from projects.views.lookup import of_project_or_404, or_404, project_or_404
from projects.views.pages import show
from projects.views.refusals import Problem, Refusal

PER_PAGE = 50


@dataclass(frozen=True)
class Removed:
    """A line of the bin."""

    name: str
    made_at: datetime
    removed_at: datetime
    bring_back: str
    room_type: str = ""

    @property
    def erased_at(self) -> datetime:
        return self.removed_at + selectors.BIN_KEEPS


@require_POST
@works_on_projects
def remove(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    job = of_project_or_404(selectors.generation_of, request, project_id, generation_id)
    if not keeping.remove_generation(job, actor_id=_actor(request)):
        return show(request, job.project, None, _busy(_("The picture was not deleted")))
    undo = reverse("projects:bring_back_picture", args=[job.project_id, job.pk])
    _say_removed(request, _("The picture is in the bin for 30 days."), undo)
    return redirect("projects:detail", job.project_id)


@require_POST
@works_on_projects
def bring_back(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    job = of_project_or_404(selectors.any_generation_of, request, project_id, generation_id)
    if job.erased_at:
        raise Http404
    if keeping.bring_back_generation(job, actor_id=_actor(request)):
        messages.success(request, _("The picture is back."))
    return to_picture(job)


@require_POST
@works_on_projects
def remove_project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = project_or_404(request, project_id)
    if not keeping.remove_project(project):
        return show(request, project, None, _busy(_("The project was not deleted")))
    undo = reverse("projects:bring_back", args=[project.pk])
    text = _("“%(name)s” is in the bin for 30 days.") % {"name": project_name(project)}
    _say_removed(request, text, undo)
    return redirect("projects:list")


@require_POST
@works_on_projects
def bring_back_project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    place = workplace(request)
    project = or_404(selectors.any_project_of, place.agency, place.mode, project_id)
    if keeping.bring_back_project(project):
        messages.success(request, _("The project is back."))
    return redirect("projects:detail", project.pk)


@require_safe
@works_on_projects
def removed(request: HttpRequest) -> HttpResponse:
    place = workplace(request)
    rows = [
        *map(_project_line, selectors.removed_projects_of(place.agency, place.mode)),
        *map(_picture_line, selectors.removed_generations_of(place.agency, place.mode)),
    ]
    rows.sort(key=lambda row: row.removed_at, reverse=True)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/bin.html", {"page": page})


def _project_line(project: Project) -> Removed:
    assert project.removed_at, "it is in the bin"
    back = reverse("projects:bring_back", args=[project.pk])
    return Removed(project_name(project), project.created_at, project.removed_at, back)


def _picture_line(job: Generation) -> Removed:
    assert job.removed_at, "it is in the bin"
    name = f"{job.type_name} · {project_name(job.project)}"
    back = reverse("projects:bring_back_picture", args=[job.project_id, job.pk])
    return Removed(name, job.created_at, job.removed_at, back, job.room_type or "TERRACE")


def to_picture(picture: Generation, *, part: str = "") -> HttpResponse:
    """The project’s page with this picture, at a `part` of it; else at the top, by the messages."""
    page = reverse("projects:detail", args=[picture.project_id])
    return redirect(f"{page}?image={picture.pk}{part}")


def _busy(title: str) -> Refusal:
    text = _("A picture is still being made. Wait for its end, then delete.")
    return Refusal(title, [Problem(text)], status=409)


def _say_removed(request: HttpRequest, text: str, undo: str) -> None:
    """The message's tag is the address that its button posts to: templates/_messages.html."""
    messages.success(request, text, extra_tags=undo)


def _actor(request: HttpRequest) -> str:
    return str(workplace(request).membership.pk)
