"""A generation as support reads it, and its pictures: for whoever may see them, and not before it
is written down that they looked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from projects.desk.answer.letter import Told, answer_to
from projects.desk.timeline.heading import heading_of
from projects.desk.timeline.selectors import told_generation
from projects.desk.timeline.story import MOST, story_of
from projects.models import Generation, Picture
from projects.views.files import NOT_KEPT, answer
from projects.views.lookup import or_404

SALT = "parterre.desk.pictures"
# For so long the pictures stay open once it was written down that somebody looks.
LOOK_S = 15 * 60


def page_of(request: HttpRequest, job: Generation) -> dict[str, Any]:
    """What the page of a generation shows beside Django's own."""
    may_see = _seen_by(request)
    story = story_of(job, may_see)
    return {
        "heading": heading_of(job, may_see),
        "story": story,
        "most": MOST,
        "answer": answer_to(Told(job, story.books, story.made_again_at)),
        "may_see_pictures": may_see(Picture),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, generation_id: UUID) -> HttpResponse:
    """A POST opens them, for this person and for a while; who comes back later presses again."""
    job = _job(request, generation_id)
    if request.method == "POST":
        return redirect(f"{request.path}?{urlencode({'pass': _pass(request, job)})}")
    if not _is_open(request, job):
        return redirect(reverse("admin:projects_generation_change", args=[job.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Pictures"),
        "opts": Generation._meta,
        "job": job,
        "shown": list(job.pictures.all()),
        "pass": request.GET["pass"],
    }
    return TemplateResponse(request, "admin/pictures.html", context)


@require_safe
def picture_file(request: HttpRequest, generation_id: UUID, name: str) -> HttpResponseBase:
    """What its members see, never by a link that anybody may open."""
    job = _job(request, generation_id)
    if not _is_open(request, job):
        raise PermissionDenied
    stored, content_type = _file(job, name)
    return answer(lambda: stored.open("rb"), content_type, NOT_KEPT)


def _seen_by(request: HttpRequest) -> Callable[[type[Model]], bool]:
    """A model without a page of its own is seen on those of others."""

    def may_see(model: type[Model]) -> bool:
        view = admin.site._registry.get(model)
        return view is None or view.has_view_permission(request)

    return may_see


def _job(request: HttpRequest, generation_id: UUID) -> Generation:
    may_see = _seen_by(request)
    if not may_see(Generation) or not may_see(Picture):
        raise PermissionDenied
    return or_404(told_generation, generation_id)


@transaction.atomic
def _pass(request: HttpRequest, job: Generation) -> str:
    """Of no use to anybody else, and for no other generation."""
    audit.record(
        agency=job.agency,
        action="generation.pictures_viewed",
        target=str(job.pk),
        actor_id=str(request.user.pk),
    )
    return signing.dumps([str(request.user.pk), str(job.pk)], salt=SALT)


def _is_open(request: HttpRequest, job: Generation) -> bool:
    try:
        found = signing.loads(request.GET.get("pass", ""), salt=SALT, max_age=LOOK_S)
    except signing.BadSignature:
        return False
    return bool(found == [str(request.user.pk), str(job.pk)])


def _file(job: Generation, name: str) -> tuple[FieldFile, str]:
    uploads = {"photo": job.photo, "mask": job.mask}
    if upload := uploads.get(name):
        return upload.file, upload.content_type
    for picture in job.pictures.all():
        if name == str(picture.position):
            return picture.shown, picture.content_type
    raise Http404
