"""A new project: the agency's own photo, or the sample garden.

With JavaScript the photo is sent while its zone is drawn on the same page (static/js/studio.js),
and answered in JSON; without, the zone has a page of its own.
"""

from pathlib import Path
from uuid import UUID, uuid4

from django.contrib.staticfiles import finders
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from integrations.doors.images import NormalisedImage, read_photo
from projects import selectors, services
from projects.exceptions import NotAccepted
from projects.forms import PhotoForm, ZoneForm
from projects.models import Project, Upload
from projects.views.access import is_script, workplace, works_on_projects
from projects.views.photo_limit import refusal_of
from projects.views.refusals import Refusal
from projects.views.zone import price_context

SAMPLE = "samples/garden.jpg"


@require_http_methods(["GET", "HEAD", "POST"])
@works_on_projects
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and (refusal := refusal_of(request, not_created())):
        return _new_page(request, PhotoForm(initial=request.POST.dict()), refusal)
    form = PhotoForm(request.POST or None, request.FILES or None, initial={"project_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        return _begun(request, **form.cleaned_data)
    return _new_page(request, form, Refusal.of_form(form, not_created()))


@require_POST
@works_on_projects
def sample(request: HttpRequest) -> HttpResponse:
    """Try the whole way without a photo at hand."""
    if refusal := refusal_of(request, not_created()):
        return _new_page(request, PhotoForm(initial={"project_id": uuid4()}), refusal)
    found = finders.find(SAMPLE)
    assert isinstance(found, str), f"static/{SAMPLE} is part of the product"
    photo = read_photo(Path(found).read_bytes())
    return _begun(request, uuid4(), _("Sample garden"), photo)


def not_created() -> str:
    return _("The project was not created")


def _begun(
    request: HttpRequest, project_id: UUID | None, title: str, photo: NormalisedImage
) -> HttpResponse:
    try:
        return _started(request, _start(request, project_id, title, photo))
    except NotAccepted as error:
        initial = {"project_id": uuid4(), "title": title}
        return _new_page(
            request, PhotoForm(initial=initial), Refusal.of_photo(error, not_created())
        )


def _start(
    request: HttpRequest, project_id: UUID | None, title: str, photo: NormalisedImage
) -> Project:
    """A photo that is sent twice, since its answer was lost, starts one project."""
    place = workplace(request)
    try:
        return services.start_project(
            project_id=project_id, agency=place.agency, mode=place.mode,
            author=place.membership, title=title, photo=photo,
        )  # fmt: skip
    except IntegrityError as error:
        mine = selectors.any_projects_of(place.agency, place.mode)
        earlier = mine.filter(pk=project_id).first() if project_id else None
        if earlier is None:
            raise Http404 from error  # an id that is not of this agency
        same = earlier.photo and earlier.photo.sha256 == photo.sha256
        if same and not earlier.removed_at:
            return earlier
        # The form came back by "Back", and has another photo now, or its project is in the bin.
        return _start(request, None, title, photo)


def _started(request: HttpRequest, project: Project) -> HttpResponse:
    zone = reverse("projects:zone", args=[project.pk])
    if not is_script(request):
        return redirect(zone)
    photo = project.photo
    assert photo, "it was started with one"
    url = reverse("media:upload", args=[photo.pk])
    answer = {"zone": zone, "photo": url, "width": photo.width, "height": photo.height}
    return JsonResponse(answer, status=201)


def _new_page(request: HttpRequest, form: PhotoForm, refusal: Refusal | None) -> HttpResponse:
    if refusal and is_script(request):
        said = " ".join(problem.text for problem in refusal.problems)
        return JsonResponse({"problem": said}, status=refusal.status)
    # The zone is drawn before the photo has arrived: its size is not known yet.
    zone_form = ZoneForm(photo=Upload(width=1, height=1), initial={"form_id": uuid4()})
    context = {"form": form, "zone_form": zone_form, "refusal": refusal, **price_context(request)}
    return render(request, "projects/new.html", context, status=refusal.status if refusal else 200)
