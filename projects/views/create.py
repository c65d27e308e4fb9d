"""A new project: the agency's own photo, or the sample garden."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from integrations.doors.images import NormalisedImage, read_photo
from projects import services
from projects.forms import PhotoForm
from projects.views.access import member_required, workplace
from projects.views.refusals import Refusal

SAMPLE = "samples/garden.jpg"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new(request: HttpRequest) -> HttpResponse:
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _start(request, form.cleaned_data["title"], form.cleaned_data["photo"])
    refusal = Refusal.of_form(form, _("The project was not created"))
    context = {"form": form, "refusal": refusal}
    return render(request, "projects/new.html", context, status=422 if refusal else 200)


@require_POST
@member_required
def sample(request: HttpRequest) -> HttpResponse:
    """Try the whole way without a photo at hand."""
    found = finders.find(SAMPLE)
    assert isinstance(found, str), f"static/{SAMPLE} is part of the product"
    return _start(request, _("Sample garden"), read_photo(Path(found).read_bytes()))


def _start(request: HttpRequest, title: str, photo: NormalisedImage) -> HttpResponse:
    place = workplace(request)
    project = services.start_project(
        agency=place.agency, mode=place.mode, author=place.membership, title=title, photo=photo
    )
    return redirect("projects:zone", project.pk)
