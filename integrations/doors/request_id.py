"""`X-Request-Id`: one name for a call, in its answer and in each line that it logs."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-Id"
KEPT_AS = "parterre.request_id"
# Nothing else of a caller's comes into a log: no line break, no markup, no page of text.
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """The outermost: an error page has the header too, and whoever logs finds the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request.META[KEPT_AS] = request_id(request.headers.get(HEADER, ""))
        with named(name):
            response = self.get_response(request)
        response[HEADER] = name
        return response


class NamesRequest(logging.Filter):
    """`{request_id}` in a log's format: the name of the call, or nothing outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs an answer above 399 when all middleware has ended, and names the request.
        request = getattr(record, "request", None)
        late = request.META.get(KEPT_AS) if isinstance(request, HttpRequest) else None
        name = current.get() or late
        record.request_id = f" [{name}]" if name else ""
        return True


@contextmanager
def named(name: str) -> Iterator[None]:
    """What is logged in here is of this call, also in a process that never saw it; "": of none."""
    before = current.set(name)
    try:
        yield
    finally:
        current.reset(before)


def request_id(asked: str) -> str:
    """The caller's own, so that both sides' logs have one name; a new one when it is none."""
    return asked if SANE.fullmatch(asked) else uuid4().hex
