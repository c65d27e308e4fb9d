"""iacrea's request fields. Unknown ones are ignored: iacrea does not say that it refuses them."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from projects.choices import RoomType

MAX_SIDE = 65_000
JsonObject = dict[str, Any]


class StrictInteger(serializers.IntegerField):
    """A JSON number without fraction; `"1024"` is text and is refused."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class WebUrl(serializers.CharField):
    """An http(s) URL by its form alone: whether it may be called is the door's to judge."""

    default_error_messages = {"invalid_url": _("Enter a URL that starts with http:// or https://.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, **options)

    def to_internal_value(self, data: Any) -> str:
        url = super().to_internal_value(data)
        try:
            parts = urlsplit(url)
            well_formed = parts.port != 0 and bool(parts.hostname)
        except ValueError:
            well_formed = False
        if url and not (well_formed and parts.scheme in ("http", "https")):
            self.fail("invalid_url")
        return url


class RoomTypeField(serializers.ChoiceField):
    """What was sent is not repeated: it may be long, or half a character that cannot be sent."""

    default_error_messages = {"invalid_choice": _("Enter one of {known}.")}

    def __init__(self) -> None:
        super().__init__(RoomType.choices)

    def to_internal_value(self, data: Any) -> RoomType:
        if data not in RoomType.values:
            self.fail("invalid_choice", known=", ".join(RoomType))
        return RoomType(data)


class CallInput(serializers.Serializer[JsonObject]):
    user_id = serializers.UUIDField()


class GenerateInput(CallInput):
    image_url = WebUrl()
    mask_url = WebUrl()
    room_type = RoomTypeField()
    width = StrictInteger(min_value=1, max_value=MAX_SIDE)
    height = StrictInteger(min_value=1, max_value=MAX_SIDE)
    webhook = WebUrl(required=False, allow_null=True, allow_blank=True)


class VariationInput(CallInput):
    generation_id = serializers.UUIDField()
    original_url = WebUrl()
    mask_url = WebUrl(required=False, allow_null=True, allow_blank=True)
    room_type = RoomTypeField()
    webhook = WebUrl(required=False, allow_null=True, allow_blank=True)


class GetInput(CallInput):
    generation_id = serializers.UUIDField()
