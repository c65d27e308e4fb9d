"""Fields of the API's inputs that more than one resource takes."""

import json
import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from projects.choices import RoomType

MAX_CORNERS = 200
MAX_METADATA = 4096  # bytes of JSON


class UploadId(serializers.UUIDField):
    default_error_messages = {
        "invalid": _("Enter the id of an upload. A link goes into image_url or mask_url."),
    }


class PolygonField(serializers.ListField):
    """`[[x, y], …]` in pixels from the upper left, 3 to 200 corners."""

    default_error_messages = {"corners": _("Give 3 to 200 corners, each [x, y] in pixels.")}

    def to_internal_value(self, data: Any) -> list[tuple[float, float]]:
        if not isinstance(data, list) or not 3 <= len(data) <= MAX_CORNERS:
            self.fail("corners")
        return [self._corner(corner) for corner in data]

    def _corner(self, corner: Any) -> tuple[float, float]:
        if not isinstance(corner, list) or len(corner) != 2 or not all(map(_is_number, corner)):
            self.fail("corners")
        return float(corner[0]), float(corner[1])


class MetadataField(serializers.JSONField):
    """An object of the caller's own; it comes back as it was given."""

    default_error_messages = {
        "no_object": _("Give a JSON object of at most 4096 bytes."),
        "text": _("Texts must be without NUL and half characters."),
        "simulate": _("simulate is one of {known}."),
    }
    SIMULATIONS = ("failed", "slow", "unconfirmed")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("no_object")
        try:
            text = json.dumps(data, allow_nan=False, ensure_ascii=False)
            size = len(text.encode())
        except (ValueError, RecursionError):
            self.fail("text")
        if size > MAX_METADATA:
            self.fail("no_object")
        if "\\u0000" in json.dumps(data):
            self.fail("text")
        if data.get("simulate", self.SIMULATIONS[0]) not in self.SIMULATIONS:
            self.fail("simulate", known=", ".join(self.SIMULATIONS))
        return data


class WordField(serializers.ChoiceField):
    """One of a few words. What was sent is not repeated: it may be long."""

    default_error_messages = {"invalid_choice": _("Enter one of {known}.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", known=", ".join(map(str, self.choices)))
        return data


def room_type_field(**options: Any) -> WordField:
    return WordField(RoomType.values, **options)


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and abs(value) < 10**6
