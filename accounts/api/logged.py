"""What the request log keeps of a call: names, codes, ids; no value of a body, no answer or key."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts.models import ApiKey, ApiRequest
from integrations.doors.request_id import KEPT_AS

# The filters of our lists. What else stands in an address is somebody's words.
FILTERS = {
    "limit", "format", "state", "event_type", "type", "since", "subject_id", "created_after",
    "created_before", "member", "status", "room_type", "project",
}  # fmt: skip
PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{1,100}")
HIDDEN = "…"
MOST_FIELDS = 30
SUBJECTS = ("generation_id", "id")


def row_of(request: Request, response: HttpResponseBase, *, began: float) -> ApiRequest:
    """`began` by time.perf_counter(). The request has a key."""
    key = request.auth
    assert isinstance(key, ApiKey), "KeyedView logs no other call"
    said = _words(getattr(response, "data", None))
    refused = response.status_code >= 400
    return ApiRequest(
        agency_id=key.agency_id,
        api_key=key,
        called_at=timezone.now(),
        method=str(request.method)[:10],
        path=request.path[:300],
        query=_query(request.query_params)[:500],
        status=response.status_code,
        code=str(said.get("code", ""))[:60] if refused else "",
        faults=list(_faults(said)) if refused else [],
        fields=list(_fields(request))[:MOST_FIELDS],
        subject_id=_subject(request, {} if refused else said),
        request_id=request.META.get(KEPT_AS, ""),
        idempotency_key=_plain(request.headers.get("Idempotency-Key", "")),
        address=_address(request),
        milliseconds=int(1000 * (time.perf_counter() - began)),
    )


def _query(asked: Mapping[str, Any]) -> str:
    shown = [f"{name}={_plain(str(value))}" for name, value in asked.items() if name in FILTERS]
    hidden = [HIDDEN] if set(asked) - FILTERS else []
    return "&".join([*shown, *hidden])


def _plain(text: str) -> str:
    """No key of ours either, where somebody wrote one in the wrong place."""
    is_plain = PLAIN.fullmatch(text) and "prt_" not in text
    return text if not text or is_plain else HIDDEN


def _faults(said: Mapping[str, Any]) -> Iterator[str]:
    """ "field: code" of each; of a refusal with one field its name."""
    errors = said.get("errors") or ([{"field": said["field"]}] if said.get("field") else [])
    for error in errors[:MOST_FIELDS]:
        yield ": ".join(_plain(error[name]) for name in ("field", "code") if error.get(name))


def _fields(request: Request) -> Iterator[str]:
    """Names, and sizes of files."""
    for name, value in _body(request).items():
        size = f" ({value.size} B)" if isinstance(value, UploadedFile) else ""
        yield _plain(str(name)) + size


def _subject(request: Request, said: Mapping[str, Any]) -> UUID | None:
    """What the answer is of; of a refusal, or a list, what was asked for."""
    path: Mapping[str, Any] = request.parser_context["kwargs"]
    ids = [said.get(name) for name in SUBJECTS]
    for text in [*ids, _body(request).get("generation_id"), *reversed(list(path.values()))]:
        with suppress(ValueError):
            return UUID(str(text))
    return None


def _body(request: Request) -> Mapping[str, Any]:
    """As the view read it. `request.data` would read now what nobody wanted, and could break."""
    return _words(vars(request).get("_full_data"))


def _words(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _address(request: Request) -> str | None:
    """None behind a proxy that does not tell it, or writes what is none: one line that PostgreSQL
    refuses would take its whole batch with it."""
    try:
        return str(ip_address(str(get_adapter().get_client_ip(request))))
    except (PermissionDenied, ValueError):
        return None
