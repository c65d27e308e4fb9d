"""The zone that is being drawn, kept while it is. A page says nothing of it: what could not be kept
here is kept on the device, and tried again."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from projects import drafts
from projects.drafts import DraftProblem, DraftTooLarge
from projects.views.access import works_on_projects
from projects.views.lookup import project_or_404


@require_http_methods(["PUT"])
@works_on_projects
def draft(request: HttpRequest, project_id: UUID) -> JsonResponse:
    project = project_or_404(request, project_id)
    try:
        saved_at = drafts.keep(project, drafts.read_draft(_body(request)))
    except DraftProblem as problem:
        return JsonResponse({"code": problem.code}, status=problem.status)
    return JsonResponse({"saved_at": drafts.stamp(saved_at)})


def _body(request: HttpRequest) -> bytes:
    """Not even read when it says itself that it is too large."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > drafts.MAX_BYTES:
        raise DraftTooLarge
    return request.body
