"""The drop-in door: iacrea's own wire, with one of our keys. A client written for iacrea works by
changing its base URL and its key."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import KeyedView
from accounts.api.idempotent import CreateView
from accounts.choices import Scope
from accounts.exceptions import NoPhotosLeft
from accounts.models import Membership
from accounts.selectors import credit_of, member_by_iacrea_id, quota_of
from projects import services
from projects.api import refusals
from projects.api.dropin_serializers import (
    CallInput,
    GenerateInput,
    GetInput,
    JsonObject,
    VariationInput,
)
from projects.choices import Source
from projects.exceptions import NotAccepted
from projects.models import Generation
from projects.representation import job_state
from projects.selectors import any_generation_of, taken_over


class Call(KeyedView):
    """One call of the wire: judge the fields, find the member, do one thing, answer 200."""

    scope = Scope.GENERATIONS_WRITE
    serializer: type[CallInput]

    def post(self, request: Request) -> Response:
        fields = self.serializer(data=request.data)
        fields.is_valid(raise_exception=True)
        member = member_by_iacrea_id(self.agency, fields.validated_data["user_id"])
        if member is None:
            raise refusals.unknown_user()
        try:
            return Response(self.answer(member, fields.validated_data))
        except NoPhotosLeft as error:
            raise refusals.no_photos_left(error) from None
        except NotAccepted as error:
            raise refusals.not_accepted(error) from None

    def answer(self, member: Membership, fields: JsonObject) -> JsonObject:
        raise NotImplementedError

    def generation(self, generation_id: UUID) -> Generation:
        """By our id, or by iacrea's of a job that moved in with the agency."""
        for find in (any_generation_of, taken_over):
            with suppress(ObjectDoesNotExist):
                return find(self.agency, self.mode, generation_id)
        raise refusals.unknown_generation()

    def available(self) -> int:
        return quota_of(self.agency, self.mode).available


class Create(CreateView, Call):
    def create(self, request: Request, **path: Any) -> Response:
        return Call.post(self, request)


class Generate(Create):
    serializer = GenerateInput

    @transaction.atomic
    def answer(self, member: Membership, fields: JsonObject) -> JsonObject:
        generation = services.create_generation(
            project=services.NewProject(self.agency, self.mode, member),
            author=member,
            source=Source.API,
            room_type=fields["room_type"],
            image_url=fields["image_url"],
            zone=services.Zone(url=fields["mask_url"]),
            width=fields["width"],
            height=fields["height"],
            webhook=fields.get("webhook") or "",
        )
        return {
            "generation_id": str(generation.pk),
            "remaining_photos": self.available(),
            "project_id": str(generation.project_id),
        }


class GenerateVariation(Create):
    serializer = VariationInput

    def answer(self, member: Membership, fields: JsonObject) -> JsonObject:
        generation = services.create_variation(
            parent=self.generation(fields["generation_id"]),
            author=member,
            source=Source.API,
            room_type=fields["room_type"],
            original_url=fields["original_url"],
            zone=services.Zone(url=fields.get("mask_url") or ""),
            webhook=fields.get("webhook") or "",
        )
        return {"generation_id": str(generation.pk)}


class Get(Call):
    scope = Scope.GENERATIONS_READ
    serializer = GetInput

    def answer(self, member: Membership, fields: JsonObject) -> JsonObject:
        return job_state(self.generation(fields["generation_id"]))


class Credit(Call):
    scope = Scope.QUOTA_READ
    serializer = CallInput

    def answer(self, member: Membership, fields: JsonObject) -> JsonObject:
        return credit_of(self.agency, self.mode)
