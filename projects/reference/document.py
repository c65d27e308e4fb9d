"""The OpenAPI document: the calls of the views, and what stands around them."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.reference.parts import parts
from projects.reference.schema import Generator
from projects.reference.told import job_ended, webhooks
from projects.reference.topics import TOPICS

JsonObject = dict[str, Any]
PATH = "/api/v1/openapi.json"


@cache
def document(language: str) -> JsonObject:
    """Made once in each process and language, from the views themselves."""
    with override(language):
        found: JsonObject = Generator().get_schema(public=True)
        for kind, named in parts().items():
            found["components"][kind] = {**found["components"].get(kind, {}), **named}
        found["components"]["pathItems"] = {"jobEnded": job_ended()}
        found["paths"][PATH] = {"get": _itself()}
        return {**_clean(found), **_around(), "webhooks": webhooks()}


@cache
def as_json() -> bytes:
    """What is served: in English, whoever asks, so that it can be cached."""
    return json.dumps(document("en"), ensure_ascii=False).encode()


def _clean(node: Any) -> Any:
    """Without the marks that drf-spectacular leaves on enums for itself."""
    if isinstance(node, dict):
        return {key: _clean(it) for key, it in node.items() if key != "x-spec-enum-id"}
    return [_clean(it) for it in node] if isinstance(node, list) else node


def _around() -> JsonObject:
    tags = [{"name": topic.slug, "description": str(topic.said)} for topic in TOPICS]
    told = {"name": "webhooks", "description": _("What we send to your endpoints.")}
    itself = {"name": "reference", "description": _("This document.")}
    return {
        "servers": [{"url": str(settings.PUBLIC_BASE_URL)}],
        "tags": [*tags, told, itself],
        "externalDocs": {"url": f"{settings.PUBLIC_BASE_URL}/developers/docs/"},
    }


def _itself() -> JsonObject:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "getOpenApi",
        "summary": _("This document"),
        "tags": ["reference"],
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1", "content": content}},
    }
