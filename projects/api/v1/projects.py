"""`/api/v1/projects…`: a client's garden with all that was made of it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotent import CreateView
from accounts.choices import Scope
from integrations.doors.inputs import asked
from integrations.doors.pagination import paged_as
from projects import erasure, selectors, services
from projects.api import refusals
from projects.api.v1.base import View, judged
from projects.api.v1.inputs import ProjectChange, ProjectFilter, ProjectInput
from projects.api.v1.outputs import project_object


class ProjectView(View):
    write_scope = Scope.PROJECTS_WRITE


class Projects(ProjectView, CreateView):
    def get(self, request: Request) -> Response:
        rows = selectors.projects_by(self.agency, self.mode, asked(ProjectFilter, request))
        return paged_as(request, rows, project_object)

    def create(self, request: Request, **path: Any) -> Response:
        fields = judged(ProjectInput, request.data)
        project = services.create_project(
            agency=self.agency,
            mode=self.mode,
            author=self.member(fields.get("member")),
            title=fields.get("title", ""),
            photo=self.uploads_in(fields).get("image"),
        )
        return Response(project_object(project), 201)


class OneProject(ProjectView):
    def get(self, request: Request, project_id: UUID) -> Response:
        return Response(project_object(self.project(project_id)))

    def patch(self, request: Request, project_id: UUID) -> Response:
        project = self.project(project_id)
        fields = judged(ProjectChange, request.data)
        if "image" in fields:
            fields["photo"] = self.uploads_in(fields)["image"]
            del fields["image"]
        services.change_project(project, **fields)
        return Response(project_object(self.project(project_id)))

    def delete(self, request: Request, project_id: UUID) -> Response:
        """Photos, pictures and words; what was charged stays in the books."""
        if not erasure.erase_project(self.project(project_id)):
            raise refusals.project_busy()
        return Response(status=204)
