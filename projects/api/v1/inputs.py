"""What `/api/v1/` takes. Unknown fields are refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from integrations.doors.inputs import PageFilter, StrictInput
from projects.api.dropin_serializers import MAX_SIDE, StrictInteger, WebUrl
from projects.api.v1.fields import (
    MetadataField,
    PolygonField,
    UploadId,
    WordField,
    room_type_field,
)
from projects.choices import UploadKind

ONE_ZONE = _("Give exactly one of mask, mask_url and polygon.")


class JobInput(StrictInput):
    room_type = room_type_field()
    mask = UploadId(required=False)
    mask_url = WebUrl(required=False)
    polygon = PolygonField(required=False)
    member = serializers.UUIDField(required=False)
    metadata = MetadataField(required=False)
    webhook = WebUrl(required=False)

    def zones(self, fields: dict[str, Any]) -> int:
        return len({"mask", "mask_url", "polygon"} & set(fields))


class GenerationInput(JobInput):
    image = UploadId(required=False)
    image_url = WebUrl(required=False)
    width = StrictInteger(required=False, min_value=1, max_value=MAX_SIDE)
    height = StrictInteger(required=False, min_value=1, max_value=MAX_SIDE)
    project = serializers.UUIDField(required=False)
    title = serializers.CharField(required=False, max_length=150)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if len({"image", "image_url"} & set(fields)) != 1:
            raise serializers.ValidationError({"image": _("Give one of image and image_url.")})
        if self.zones(fields) != 1:
            raise serializers.ValidationError({"mask": ONE_ZONE})
        if "project" in fields and "title" in fields:
            told = _("title is for a new project. Leave it out, or leave out project.")
            raise serializers.ValidationError({"title": told})
        self._check_size(fields)
        return fields

    def _check_size(self, fields: dict[str, Any]) -> None:
        told = {"width", "height"} & set(fields)
        if "image" in fields and told:
            known = _("The size of an upload is known. Leave out width and height.")
            raise serializers.ValidationError({told.pop(): known})
        needed = "polygon" in fields and "image_url" in fields
        if len(told) == 1 or (needed and not told):
            both = _("Give width and height: the size in pixels in which the corners are measured.")
            raise serializers.ValidationError({"width" if "width" not in told else "height": both})


class VariationInput(JobInput):
    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if self.zones(fields) > 1:
            raise serializers.ValidationError({"mask": ONE_ZONE})
        return fields


class BatchInput(StrictInput):
    MAX_JOBS = 100

    generations = serializers.ListField(min_length=1, max_length=MAX_JOBS)


class UploadInput(StrictInput):
    kind = WordField(UploadKind.values, default=UploadKind.PHOTO)
    file = serializers.FileField(allow_empty_file=True)


class ProjectInput(StrictInput):
    title = serializers.CharField(required=False, max_length=150, allow_blank=True)
    member = serializers.UUIDField(required=False)
    image = UploadId(required=False)


class ProjectChange(StrictInput):
    title = serializers.CharField(required=False, max_length=150, allow_blank=True)
    image = UploadId(required=False)


class CreatedFilter(PageFilter):
    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
    member = serializers.UUIDField(required=False)


class GenerationFilter(CreatedFilter):
    status = WordField(["STARTING", "PROCESSING", "SUCCEEDED", "FAILED"], required=False)
    room_type = room_type_field(required=False)
    project = serializers.UUIDField(required=False)


class ProjectFilter(CreatedFilter):
    pass
