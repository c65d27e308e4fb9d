"""One shape for every error of the API: RFC 9457 problem details.

`code` is stable and for programs; `detail` says what was wrong and what to do, in the caller's
language. `error` and `message` repeat it as plain text, for clients written for iacrea.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
CODES: dict[type[exceptions.APIException], tuple[str, Any]] = {
    exceptions.NotAuthenticated: ("unauthenticated", _("Not signed in")),
    exceptions.AuthenticationFailed: ("unauthenticated", _("Not signed in")),
    exceptions.PermissionDenied: ("forbidden", _("Not allowed")),
    exceptions.NotFound: ("not_found", _("Not found")),
    exceptions.MethodNotAllowed: ("method_not_allowed", _("Method not allowed")),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", _("Not this kind of body")),
    exceptions.NotAcceptable: ("not_acceptable", _("Only JSON is answered")),
    exceptions.ParseError: ("invalid_json", _("Not understood")),
}


# A database that restarts, or cannot be reached, or waits for too long.
OUTAGES = (OperationalError, InterfaceError)


class Problem(Exception):
    """A refusal with its HTTP status; raised by the API, answered by `exception_handler`."""

    def __init__(
        self,
        *,
        code: str,
        status: int,
        title: Any,
        detail: Any,
        field: str = "",
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.code, self.status, self.title, self.detail = code, status, title, detail
        self.field, self.errors, self.headers = field, errors, headers

    def as_response(self) -> Response:
        text = str(self.detail)
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
            "detail": text,
            "error": text,
            "message": text,
        }
        if self.field:
            body["field"] = self.field
        if self.errors:
            body["errors"] = self.errors
        return Response(body, self.status, headers=self.headers, content_type=CONTENT_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook. What nobody expected is logged with its trace and answered without it."""
    set_rollback()
    return _problem(error).as_response()


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        error = exceptions.ParseError(_("The form has more fields or files than any call takes."))
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, exceptions.APIException):
        return _known(error)
    if isinstance(error, RequestDataTooBig):  # of our parser, or of Django before it
        return _too_large()
    logger.error("an API call failed", exc_info=error)
    if isinstance(error, OUTAGES):
        return _unavailable()
    return Problem(
        code="internal_error",
        status=500,
        title=_("Error on our side"),
        detail=_("Something went wrong on our side. It is recorded. Try again in a moment."),
    )


def _unavailable() -> Problem:
    return Problem(
        code="unavailable",
        status=503,
        title=_("Not available"),
        detail=_("Our database does not answer for a moment. Try again in a few seconds."),
        headers={"Retry-After": "5"},
    )


def _too_large() -> Problem:
    detail = _("The body is above 1 MiB. Send links to pictures, not pictures.")
    return Problem(code="too_large", status=413, title=_("Too large"), detail=detail)


def _known(error: exceptions.APIException) -> Problem:
    known = (pair for kind, pair in CODES.items() if isinstance(error, kind))
    code, title = next(known, ("error", _("Refused")))
    challenge = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": challenge} if challenge else None
    return Problem(
        code=code, status=error.status_code, title=title, detail=error.detail, headers=headers
    )


def _invalid(error: exceptions.ValidationError) -> Problem:
    """The first bad field in front, all of them in `errors`."""
    errors = list(_field_errors(error.detail))
    first = errors[0]
    name, text = first["field"], first["detail"]
    return Problem(
        code="invalid_input",
        status=400,
        title=_("Invalid field"),
        detail=f"{name}: {text}" if name else text,
        field=name,
        errors=errors,
    )


def _field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, f"{path}.{own}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
