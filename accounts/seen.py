"""When each session was last used, for the page that lists them (allauth.usersessions).

allauth's own middleware writes at every request. Here a process writes once in ten minutes for a
session and remembers that it did: what is lost with the process is one write more.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from integrations.doors.batches import delete_batch

EVERY_S = 600
MOST = 10_000
_written: OrderedDict[str, float] = OrderedDict()


class SeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Afterwards, and only for a page that asked who it is for: a poll does not."""
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session and _is_due(session.session_key):
            _write(request)
        return response


def signed_in(request: HttpRequest, **_: object) -> None:
    """allauth makes the row then."""
    _remember(request.session.session_key)


def forget_old() -> int:
    """A batch of sessions that ended by themselves, and of what was seen of them: with it go
    addresses of browsers. Returns rows."""
    now = timezone.now()
    ended = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    seen = delete_batch(UserSession.objects.filter(last_seen_at__lt=ended))
    return seen + delete_batch(Session.objects.filter(expire_date__lt=now))


def _is_due(key: str | None) -> bool:
    written = _written.get(key) if key else None
    return written is None or time.monotonic() - written >= EVERY_S


def _write(request: HttpRequest) -> None:
    _remember(request.session.session_key)
    if isinstance(request.user, AnonymousUser):
        return
    try:
        UserSession.objects.create_from_request(request)
    except PermissionDenied:
        return  # no address to write down: the page itself is in order


def _remember(key: str | None) -> None:
    if key:
        _written[key] = time.monotonic()
        _written.move_to_end(key)
    while len(_written) > MOST:
        _written.popitem(last=False)
