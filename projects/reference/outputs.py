"""What the API answers, described. The objects themselves are built by functions (projects/
objects.py, accounts/api/): tests/reference/test_answers.py holds both together, field by field."""

from typing import Any

from django.db.models import TextChoices
from rest_framework import serializers

from accounts.choices import EntryKind, LotSource, Mode, Role
from integrations.webhooks.api.outputs import EndpointOutput
from integrations.webhooks.choices import EventType
from projects.choices import FailureCode, RoomType, Status, UploadKind

WORDS = ["STARTING", "PROCESSING", "SUCCEEDED", "FAILED"]


class Output(serializers.Serializer[Any]):
    """Each field is in each answer, but for those in `sometimes`."""

    sometimes: tuple[str, ...] = ()


def maybe(field: type[serializers.Field[Any, Any, Any, Any]], *args: Any, **options: Any) -> Any:
    return field(*args, allow_null=True, **options)


def words(choices: type[TextChoices]) -> Any:
    return serializers.ChoiceField(list(choices))


def page_of(output: type[serializers.Serializer[Any]]) -> type[Output]:
    """`data` and the links to the pages beside it."""
    fields = {
        "data": output(many=True),
        "next": maybe(serializers.URLField),
        "previous": maybe(serializers.URLField),
    }
    return type(output.__name__.replace("Output", "PageOutput"), (Output,), fields)


class GenerationOutput(Output):
    id = serializers.UUIDField()
    mode = words(Mode)
    status = serializers.ChoiceField(WORDS)
    phase = serializers.ChoiceField([status.lower() for status in Status])
    room_type = words(RoomType)
    project = serializers.UUIDField()
    member = maybe(serializers.UUIDField)
    parent = maybe(serializers.UUIDField)
    recovered_from = maybe(serializers.UUIDField)
    image = maybe(serializers.UUIDField)
    mask = maybe(serializers.UUIDField)
    width = maybe(serializers.IntegerField)
    height = maybe(serializers.IntegerField)
    price = serializers.IntegerField()
    charged = serializers.IntegerField()
    failure_code = maybe(serializers.ChoiceField, list(FailureCode))
    failure_detail = maybe(serializers.CharField)
    urls = serializers.ListField(child=serializers.URLField())
    outside_changed = maybe(serializers.FloatField, min_value=0, max_value=1)
    metadata = serializers.DictField()
    created_at = serializers.DateTimeField()
    ended_at = maybe(serializers.DateTimeField)


class BatchOutput(Output):
    data = GenerationOutput(many=True)  # type: ignore[assignment]


class UploadOutput(Output):
    id = serializers.UUIDField()
    mode = words(Mode)
    kind = words(UploadKind)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class ProjectOutput(Output):
    id = serializers.UUIDField()
    mode = words(Mode)
    title = serializers.CharField()
    member = maybe(serializers.UUIDField)
    image = maybe(serializers.UUIDField)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class LotOutput(Output):
    id = serializers.UUIDField()
    source = words(LotSource)
    available = serializers.IntegerField()
    held = serializers.IntegerField()
    consumed = serializers.IntegerField()
    usable_until = maybe(serializers.DateTimeField)
    created_at = serializers.DateTimeField()


class QuotaOutput(Output):
    available = serializers.IntegerField()
    held = serializers.IntegerField()
    consumed = serializers.IntegerField()
    lots = LotOutput(many=True)


class EntryOutput(Output):
    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    kind = words(EntryKind)
    photos = serializers.IntegerField()
    generation = maybe(serializers.UUIDField)
    lot = serializers.UUIDField()
    source = words(LotSource)
    reason = serializers.CharField()


class MemberOutput(Output):
    iacrea_user_id = serializers.UUIDField()
    email = serializers.EmailField()
    role = words(Role)
    created_at = serializers.DateTimeField()


class NewEndpointOutput(EndpointOutput):
    """With its secret, which is shown where it is new."""

    secret = serializers.CharField()

    class Meta(EndpointOutput.Meta):
        fields = [*EndpointOutput.Meta.fields, "secret"]


class ResentOutput(Output):
    resent = serializers.IntegerField()


class EventOutput(Output):
    id = serializers.UUIDField()
    type = words(EventType)
    timestamp = serializers.DateTimeField()
    # The class body is read by DRF's metaclass, which takes fields out of it.
    data = serializers.DictField()  # type: ignore[assignment]


class FieldErrorOutput(Output):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOutput(Output):
    """RFC 9457, and `error` and `message` for clients of iacrea."""

    sometimes = ("field", "errors")

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    error = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField()
    errors = FieldErrorOutput(many=True)  # type: ignore[assignment]


# --- iacrea's own words


class IacreaGenerateOutput(Output):
    generation_id = serializers.UUIDField()
    remaining_photos = serializers.IntegerField()
    project_id = serializers.UUIDField()


class IacreaVariationOutput(Output):
    generation_id = serializers.UUIDField()


class IacreaJobOutput(Output):
    sometimes = ("urls",)

    status = serializers.ChoiceField(WORDS)
    urls = serializers.ListField(child=serializers.URLField())
    variationNumber = serializers.IntegerField()


class IacreaCreditOutput(Output):
    total = serializers.IntegerField()
    subscription = serializers.IntegerField()
    extra = serializers.IntegerField()
