"""Rows by the ids of an address: what is not of this agency is not there."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from projects import selectors
from projects.models import Generation, Project
from projects.views.access import workplace

Row = TypeVar("Row")


def or_404(select: Callable[..., Row], *arguments: Any) -> Row:
    """What a scoped selector gives, or the page that tells nothing."""
    try:
        return select(*arguments)
    except ObjectDoesNotExist:
        raise Http404 from None


def chosen_id(request: HttpRequest, name: str) -> UUID | None:
    """What a link chose, such as `?image=`; what is no id chooses nothing."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def project_or_404(request: HttpRequest, project_id: UUID) -> Project:
    place = workplace(request)
    return or_404(selectors.project_of, place.agency, place.mode, project_id)


def of_project_or_404(
    select: Callable[..., Generation], request: HttpRequest, project_id: UUID, generation_id: UUID
) -> Generation:
    """One of a project that is shown; under the address of another it is not there."""
    place, project = workplace(request), project_or_404(request, project_id)
    job = or_404(select, place.agency, place.mode, generation_id)
    if job.project_id != project.pk:
        raise Http404
    return job
