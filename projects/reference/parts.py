"""What many calls share: headers, the parameters of a page, the keys, an example of each error."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Scope
from accounts.models.idempotency import MAX_KEY_LENGTH
from integrations.doors.pagination import Cursor
from projects.reference.errors import ERRORS, Refusal

JsonObject = dict[str, Any]
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}


def parts() -> dict[str, JsonObject]:
    return {
        "headers": _headers(),
        "parameters": _parameters(),
        "securitySchemes": _keys(),
        "examples": {code: _example(code, refusal) for code, refusal in ERRORS.items()},
    }


def _headers() -> JsonObject:
    told = {
        "X-Request-Id": (TEXT, _("Names the call: yours, if you sent one, or a new one.")),
        "RateLimit-Limit": (COUNT, _("Calls of the key in a minute.")),
        "RateLimit-Remaining": (COUNT, _("What is left of them.")),
        "RateLimit-Reset": (COUNT, _("Seconds until the minute ends.")),
        "WWW-Authenticate": (TEXT, _("How to send a key: `Bearer`.")),
        "Retry-After": (COUNT, _("Seconds to wait before the next call.")),
        "Idempotency-Replayed": (
            {"const": "true"},
            _("The answer is that of an earlier call with this Idempotency-Key."),
        ),
    }
    return {name: {"schema": schema, "description": said} for name, (schema, said) in told.items()}


def _parameters() -> JsonObject:
    rows = {"type": "integer", "minimum": 1, "maximum": Cursor.max_page_size}
    key = {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH}
    return {
        "limit": {
            "name": "limit",
            "in": "query",
            "schema": {**rows, "default": Cursor.page_size},
            "description": _("Rows of a page."),
        },
        "cursor": {
            "name": "cursor",
            "in": "query",
            "schema": TEXT,
            "description": _("A place in the list: follow `next` and `previous` as they are."),
        },
        "Idempotency-Key": {
            "name": "Idempotency-Key",
            "in": "header",
            "schema": key,
            "description": _("A name of your own for this call: sent again, it is done once."),
            "example": "garden-4711",
        },
    }


def _keys() -> JsonObject:
    """The scopes are the words in each call's `security`."""
    scopes = "\n".join(f"- `{scope}`: {said}" for scope, said in scope_texts().items())
    said = _("A key of your agency, `prt_live_…` or `prt_test_…`. Its scopes:")
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": f"{said}\n\n{scopes}"},
        "apiKey": {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "description": _("The same key, as clients of iacrea send it."),
        },
    }


def scope_texts() -> dict[str, str]:
    return {
        Scope.GENERATIONS_READ: _("see uploads, generations, projects and events"),
        Scope.GENERATIONS_WRITE: _("upload, ask for pictures, cancel"),
        Scope.PROJECTS_WRITE: _("make, change and delete projects"),
        Scope.QUOTA_READ: _("see the photos and the ledger"),
        Scope.MEMBERS_READ: _("see members"),
        Scope.MEMBERS_WRITE: _("make members, change their roles"),
        Scope.WEBHOOKS_WRITE: _("see, make and change webhook endpoints, send again"),
    }


def _example(code: str, refusal: Refusal) -> JsonObject:
    text = f"{refusal.cause} {refusal.cure}"
    value = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": code,
        "detail": text,
        "error": text,
        "message": text,
    }
    return {"summary": str(refusal.cause), "value": value}
