"""The rivals: as little as Django REST framework, or Django, can do with one row."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from accounts.choices import Mode
from projects.models import Generation, Project


class ProjectRow(ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["id", "title", "created_at"]


class GenerationRow(ModelSerializer[Generation]):
    """The columns that our answer shows."""

    class Meta:
        model = Generation
        fields = [
            "id", "mode", "status", "room_type", "project", "author", "parent", "recovered_from",
            "photo", "mask", "width", "height", "price", "charged", "failure_code",
            "failure_detail", "metadata", "created_at", "ended_at",
        ]  # fmt: skip


class Insert(APIView):
    def post(self, request: Request, agency_id: UUID, **_: Any) -> Response:
        fields = ProjectRow(data=request.data)
        fields.is_valid(raise_exception=True)
        with transaction.atomic():
            fields.save(agency_id=agency_id, mode=Mode.LIVE)
        return Response(fields.data, 202)


class Read(RetrieveAPIView[Generation]):
    queryset = Generation.objects.all()
    serializer_class = GenerationRow


def shown(request: HttpRequest, pk: UUID) -> HttpResponse:
    """As little as Django can do to say whether a row is what it was: no session, no middleware."""
    version = Project.objects.values_list("version", flat=True).get(pk=pk)
    tag = f'W/"{version}"'
    return get_conditional_response(request, etag=tag) or HttpResponse(headers={"ETag": tag})


urlpatterns = [
    path("healthz", lambda _request: HttpResponse()),
    path("insert/<uuid:agency_id>", Insert.as_view()),
    path("read/<uuid:pk>", Read.as_view()),
    path("shown/<uuid:pk>", shown),
]
