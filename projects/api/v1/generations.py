"""`/api/v1/generations…`: ask for pictures, and see how they are."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotent import CreateView
from integrations.doors.inputs import asked
from integrations.doors.pagination import paged_as
from projects import lifecycle, selectors
from projects.api import refusals
from projects.api.v1.base import judged, refusing
from projects.api.v1.inputs import BatchInput, GenerationFilter, GenerationInput, VariationInput
from projects.api.v1.jobs import Jobs
from projects.api.v1.outputs import generation_object


class Generations(Jobs, CreateView):
    def get(self, request: Request) -> Response:
        filters = asked(GenerationFilter, request)
        rows = selectors.generations_by(self.agency, self.mode, filters)
        return paged_as(request, rows, generation_object)

    def create(self, request: Request, **path: Any) -> Response:
        fields = judged(GenerationInput, request.data)
        with refusing():
            job = self.accept(fields)
        return Response(generation_object(job), 202)


class Batch(Jobs, CreateView):
    """All of them or none."""

    @transaction.atomic
    def create(self, request: Request, **path: Any) -> Response:
        wanted = judged(BatchInput, request.data)["generations"]
        with refusing():
            jobs = [self._one(number, fields) for number, fields in enumerate(wanted)]
        return Response({"data": [generation_object(job) for job in jobs]}, 202)

    def _one(self, number: int, data: Any) -> Any:
        with refusals.within(f"generations.{number}"):
            return self.accept(judged(GenerationInput, data))


class OneGeneration(Jobs):
    def get(self, request: Request, generation_id: UUID) -> Response:
        return Response(self.shown(generation_id))


class Cancel(Jobs):
    def post(self, request: Request, generation_id: UUID) -> Response:
        job = self.generation(generation_id)
        if not lifecycle.cancel(job, actor_id=str(self.key.pk)):
            raise refusals.not_cancelable()
        return Response(self.shown(generation_id))


class Variations(Jobs, CreateView):
    @transaction.atomic
    def create(self, request: Request, **path: Any) -> Response:
        parent = self.generation(path["generation_id"])
        fields = judged(VariationInput, request.data)
        with refusing():
            job = self.vary(parent, fields)
        return Response(generation_object(job), 202)
