"""What the webhooks' API takes."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from integrations.doors.destinations import judge_destination
from integrations.doors.failures import DoorError
from integrations.doors.inputs import PageFilter
from integrations.doors.policies import Origin, public_policy
from integrations.webhooks.choices import DeliveryState, EventType
from integrations.webhooks.services import OVERLAP

JsonObject = dict[str, Any]
LOOPBACK = Origin("http", "127.0.0.1", None)  # on any port


class EndpointUrl(serializers.CharField):
    """One that may be called, as far as it can be said without asking the network."""

    default_error_messages = {
        "url_refused": _(
            "Enter an https:// URL without user name or password, on port 443 or 8443."
        ),
        "not_https": _("Enter a URL that starts with https://: anybody on the way reads http://."),
        "address_refused": _(
            "This address is not on the public internet. Enter the URL of a server that we can "
            "reach from outside of your network."
        ),
        "loopback": _(
            "This installation also takes receivers on its own machine, such as "
            "http://127.0.0.1:9000/."
        ),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, **options)

    def to_internal_value(self, data: Any) -> str:
        url = super().to_internal_value(data)
        try:
            judge_destination(url)
        except DoorError as error:
            self._refuse(error.code)
        return url

    def _refuse(self, code: str) -> None:
        told = [self.error_messages[code]]
        if public_policy().allows(LOOPBACK):
            told.append(self.error_messages["loopback"])
        raise serializers.ValidationError(" ".join(map(str, told)), code)


class KnownWord(serializers.ChoiceField):
    """What was sent is not repeated: it may be long, or half a character that cannot be sent."""

    default_error_messages = {"invalid_choice": _("Enter one of {known}.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", known=", ".join(self.choices))
        return data


class EventTypes(serializers.ListField):
    """Each once, in the order given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=KnownWord(EventType.choices), max_length=100, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class EndpointInput(serializers.Serializer[JsonObject]):
    """Without types: all of them, also later ones."""

    url = EndpointUrl()
    description = serializers.CharField(required=False, allow_blank=True, max_length=200)
    event_types = EventTypes(required=False)


class EndpointChange(EndpointInput):
    url = EndpointUrl(required=False)
    disabled = serializers.BooleanField(required=False)


class RotateInput(serializers.Serializer[JsonObject]):
    """For so long the secret before signs too; 0 ends it at once."""

    overlap_hours = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=7 * 24,
        default=int(OVERLAP / timedelta(hours=1)),
    )


class SinceInput(serializers.Serializer[JsonObject]):
    """Of messages that were written since then."""

    since = serializers.DateTimeField()


class DeliveryFilter(PageFilter):
    state = KnownWord(DeliveryState.choices, required=False)
    event_type = KnownWord(EventType.choices, required=False)
    since = serializers.DateTimeField(required=False)


class EventFilter(PageFilter):
    type = KnownWord(EventType.choices, required=False)
    subject_id = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
