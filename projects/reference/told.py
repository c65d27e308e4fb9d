"""What we send: the events, by Standard Webhooks, and a job's end to its own `webhook`."""

from typing import Any

from django.utils.translation import gettext as _

from integrations.webhooks.choices import EventType
from projects.reference import examples as ex

JsonObject = dict[str, Any]
COUNT = {"type": "integer", "minimum": 0}
GENERATION = {"$ref": "#/components/schemas/Generation"}
HEADERS = {
    "webhook-id": "msg_0b0f8e525ad34e409a4e6dd1c0d0c7a1",
    "webhook-timestamp": "1795685400",
    "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
}


def webhooks() -> JsonObject:
    return {
        kind: {"post": _sent(kind, _says(kind), _body(kind), ex.EVENTS[kind])}
        for kind in EventType.values
    }


def job_ended() -> JsonObject:
    body = {
        "allOf": [{"$ref": "#/components/schemas/IacreaJob"}],
        "properties": {"generation_id": {"type": "string", "format": "uuid"}},
        "required": ["generation_id"],
    }
    told = {
        "generation_id": ex.GENERATION, "status": "SUCCEEDED", "urls": [ex.PICTURE_URL],
        "variationNumber": 0,
    }  # fmt: skip
    said = _(
        "The job has ended. The body is that of iacrea's `get`, and `generation_id`; it is signed "
        "with the agency's secret and tried like any message."
    )
    return {"post": _sent("job.ended", said, body, told)}


def _says(kind: str) -> str:
    return {
        "generation.succeeded": _("The pictures are there and the photo is charged."),
        "generation.failed": _("It ended without a picture, and the photo was given back."),
        "generation.recovered": _(
            "A job that was told as failed succeeded after all: its picture comes as a second "
            "generation, free."
        ),
        "quota.low": _("A job took a photo, and few are left. Told once for each time."),
        "quota.exhausted": _("A job took the last photo."),
        "test.ping": _("You asked for it."),
    }[kind]


def _data(kind: str) -> JsonObject:
    if kind.startswith("generation."):
        return GENERATION
    return {
        "quota.low": _object(available=COUNT, threshold=COUNT),
        "quota.exhausted": _object(available=COUNT),
        "test.ping": _object(endpoint_id={"type": "string", "format": "uuid"}),
    }[kind]


def _body(kind: str) -> JsonObject:
    """As GET events shows it, with this type and what it happened to."""
    own = {"type": {"const": kind}, "data": _data(kind)}
    return {"allOf": [{"$ref": "#/components/schemas/Event"}], "properties": own}


def _object(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _sent(kind: str, said: str, schema: JsonObject, example: JsonObject) -> JsonObject:
    return {
        "operationId": f"on.{kind}",
        "summary": said,
        "tags": ["webhooks"],
        "security": [],
        "parameters": [_header(*pair) for pair in HEADERS.items()],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "responses": {
            "2XX": {"description": _("Delivered. Anything else is tried again, ten times.")},
            "410": {"description": _("Gone: nothing more is sent to the endpoint.")},
        },
    }


def _header(name: str, example: str) -> JsonObject:
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": True, "schema": schema, "example": example}
