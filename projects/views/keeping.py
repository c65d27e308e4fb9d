"""What people say of a picture that is there: that they like it, a note, that it is wrong."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import keeping, selectors
from projects.choices import Status, WrongReason
from projects.forms import ComplaintForm, NoteForm
from projects.models import Generation
from projects.views.access import workplace, works_on_projects
from projects.views.lookup import of_project_or_404
from projects.views.pages import show
from projects.views.refusals import Refusal
from projects.views.removing import to_picture


@require_POST
@works_on_projects
def favour(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    """The button says what it makes of it: pressed twice it does the same."""
    picture = _picture(request, project_id, generation_id)
    keeping.favour(picture, request.POST.get("favourite") == "1")
    return to_picture(picture, part="#favourite")


@require_POST
@works_on_projects
def note(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    picture, form = _picture(request, project_id, generation_id), NoteForm(request.POST)
    if refusal := Refusal.of_form(form, _("The note was not saved")):
        return show(request, picture.project, picture.pk, refusal)
    keeping.write_note(picture, form.cleaned_data["note"])
    messages.success(request, _("The note is saved."))
    return to_picture(picture)


@require_POST
@works_on_projects
def complain(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponse:
    picture, form = _picture(request, project_id, generation_id), ComplaintForm(request.POST)
    if refusal := Refusal.of_form(form, _("The picture was not reported")):
        return show(request, picture.project, picture.pk, refusal)
    reason, text = WrongReason(form.cleaned_data["reason"]), form.cleaned_data["text"]
    author = workplace(request).membership
    if keeping.complain(picture, author=author, reason=reason, text=text):
        messages.success(request, _("Thank you. The picture is reported to support."))
    else:
        messages.info(request, _("This picture is already reported; support has it."))
    return to_picture(picture)


def _picture(request: HttpRequest, project_id: UUID, generation_id: UUID) -> Generation:
    job = of_project_or_404(selectors.generation_of, request, project_id, generation_id)
    if job.status != Status.SUCCEEDED or job.erased_at:
        raise Http404
    return job
