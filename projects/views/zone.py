"""Asking for a picture: a zone and a type on the photo, or the same zone with another type."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.exceptions import NoPhotosLeft
from accounts.selectors import quota_of
from integrations.iacrea.services import CREATE_EXTERIOR
from projects import drafts, selectors, services
from projects.choices import RoomType, Source
from projects.exceptions import NotAccepted
from projects.forms import VariationForm, ZoneForm
from projects.member_caps import left_of_cap
from projects.models import Generation, Project
from projects.views.access import Workplace, is_script, workplace, works_on_projects
from projects.views.cards import project_name
from projects.views.lookup import chosen_id, or_404, project_or_404
from projects.views.pages import show
from projects.views.photo_limit import refusal_of
from projects.views.refusals import Refusal, not_started, nothing_charged


@require_http_methods(["GET", "HEAD", "POST"])
@works_on_projects
def zone(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Draw the zone on the photo, choose the type, confirm the price."""
    project = project_or_404(request, project_id)
    if project.photo is None:
        return redirect("projects:new")
    if request.method != "POST":
        initial = {"form_id": uuid4(), "operations": _earlier(request, project)}
        return _zone_page(request, project, ZoneForm(photo=project.photo, initial=initial), None)
    if refusal := refusal_of(request, not_started()):
        form = ZoneForm(photo=project.photo, initial=request.POST.dict())
        return _zone_page(request, project, form, refusal)
    return _ask(request, project, ZoneForm(request.POST, request.FILES, photo=project.photo))


@require_POST
@works_on_projects
def variation(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    """Same photo, same zone, other type."""
    place, project = workplace(request), project_or_404(request, project_id)
    parent = or_404(selectors.generation_of, place.agency, place.mode, generation_id)
    form = VariationForm(request.POST)
    if parent.project_id != project.pk or not form.is_valid():
        raise Http404
    try:
        _accept_once(place, form.cleaned_data, lambda fields: _vary(place, parent, fields))
    except (NoPhotosLeft, NotAccepted) as error:
        return show(request, project, parent.pk, Refusal.of_job(error))
    return redirect("projects:detail", project.pk)


def _ask(request: HttpRequest, project: Project, form: ZoneForm) -> HttpResponse:
    place = workplace(request)
    refusal = Refusal.of_form(form, not_started(), nothing_charged())
    if refusal:
        return _zone_page(request, project, form, refusal)
    if title := form.cleaned_data["title"]:
        services.change_project(project, title=title)
    try:
        job = _accept_once(place, form.cleaned_data, lambda fields: _create(place, project, fields))
    except (NoPhotosLeft, NotAccepted) as error:
        return _zone_page(request, project, form, Refusal.of_job(error))
    there = reverse("projects:detail", args=[job.project_id])
    # A redirect would have the script fetch the page, and the browser then once more.
    if is_script(request):
        return HttpResponse(status=201, headers={"Location": there})
    return redirect(there)


def _accept_once(
    place: Workplace, fields: dict[str, Any], accept: Callable[[dict[str, Any]], Generation]
) -> Generation:
    """A form's id becomes its generation's id, so a form that is sent twice, even by two clicks
    at once, asks for one picture."""
    earlier = selectors.find_generation(place.agency, place.mode, fields["form_id"])
    if earlier:
        return earlier
    try:
        return accept(fields)
    except (IntegrityError, NoPhotosLeft) as error:
        return _accepted_meanwhile(place, fields["form_id"], error)


def _accepted_meanwhile(place: Workplace, form_id: UUID, error: Exception) -> Generation:
    earlier = selectors.find_generation(place.agency, place.mode, form_id)
    if earlier is None and isinstance(error, IntegrityError):
        raise Http404 from error  # an id that is not of this agency
    if earlier is None:
        raise error
    return earlier


def _create(place: Workplace, project: Project, fields: dict[str, Any]) -> Generation:
    job = services.create_generation(
        generation_id=fields["form_id"],
        project=project,
        author=place.membership,
        source=Source.DASHBOARD,
        room_type=RoomType(fields["room_type"]),
        photo=project.photo,
        zone=services.Zone(image=fields["mask"], operations=fields["operations"]),
    )
    drafts.forget(project)
    return job


def _earlier(request: HttpRequest, project: Project) -> str:
    """The zone that a new one begins with: the one that is being drawn, else that of `?from=`, a
    picture of this project."""
    if project.draft:
        return json.dumps(project.draft)
    place, chosen = workplace(request), chosen_id(request, "from")
    shown = selectors.generations_of(place.agency, place.mode)
    earlier = shown.filter(pk=chosen).first() if chosen else None
    mine = earlier and earlier.project_id == project.pk and earlier.mask
    return json.dumps(mine.operations) if mine and mine.operations else ""


def _vary(place: Workplace, parent: Generation, fields: dict[str, Any]) -> Generation:
    return services.create_variation(
        generation_id=fields["form_id"],
        parent=parent,
        author=place.membership,
        source=Source.DASHBOARD,
        room_type=RoomType(fields["room_type"]),
    )


def price_context(request: HttpRequest) -> dict[str, Any]:
    """What a picture uses, and how many photos are left then; below zero there are too few. Capped:
    it is the member's own part of the month that ends first."""
    place = workplace(request)
    price = CREATE_EXTERIOR.photos_per_generation
    agencys = quota_of(place.agency, place.mode).available
    mine = left_of_cap(place.membership)
    left = agencys if mine is None else min(mine, agencys)
    return {"price": price, "left_after": left - price, "capped": left < agencys}


def _zone_page(
    request: HttpRequest, project: Project, form: ZoneForm, refusal: Refusal | None
) -> HttpResponse:
    context = {
        "project": project,
        "name": project_name(project),
        "form": form,
        "drafted_at": drafts.stamp(project.draft_saved_at),
        "refusal": refusal,
        **price_context(request),
    }
    return render(request, "projects/zone.html", context, status=refusal.status if refusal else 200)
