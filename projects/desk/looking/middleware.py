"""The wall around a look: on pages of the product the reader is the member, nothing but reading
gets through, and what a rule refuses is refused before its view is asked."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from projects.desk.looking import session
from projects.desk.looking.reading import WouldWrite, only_reads
from projects.desk.looking.rules import Rule, rule_of
from projects.desk.looking.session import Look

logger = logging.getLogger(__name__)
# A cookie that says nothing but: ask the session. Without it a poll or a share page would have to.
# Whoever takes it away sees their own pages.
MARK = "looking"
READING = ("GET", "HEAD")


class LookingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if MARK not in request.COOKIES:
            return self.get_response(request)
        look = session.current(request)
        if look and look.is_over:
            return self._over(request, look)
        response = self._with(request, look) if look else self.get_response(request)
        if session.KEY not in request.session:
            response.delete_cookie(MARK)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        look = look_of(request)
        rule = rule_of(request.resolver_match.view_name) if request.resolver_match else Rule.OWN
        if look is None or rule is Rule.OWN:
            return None
        if request.method not in READING:
            return _refused(request, Rule.CHANGES)
        if rule is not Rule.SHOWN:
            return _refused(request, rule)
        _read_as(request, look)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, WouldWrite):
            return None
        logger.error("a page that is looked at would write: %s", error)
        return _refused(request, Rule.CHANGES)

    def _with(self, request: HttpRequest, look: Look) -> HttpResponseBase:
        """Afterwards the session's own person is back, and their rows are written as ever. What was
        seen stays in no cache of their browser."""
        staff = request.user
        request.looking = look  # type: ignore[attr-defined]
        with ExitStack() as wall:
            request.wall = wall  # type: ignore[attr-defined]
            response = self.get_response(request)
        if request.user is not staff:
            response.headers["Cache-Control"] = "no-store"
        request.user = staff
        return response

    def _over(self, request: HttpRequest, look: Look) -> HttpResponseBase:
        """A page says so. What a page fetches by itself is refused until its reader is told."""
        if request.headers.get("sec-fetch-dest", "document") != "document":
            return HttpResponse(status=403, headers={"Cache-Control": "no-store"})
        session.leave(request)
        messages.warning(request, _("The time is over: you see Parterre as yourself again."))
        if request.path.startswith(reverse("admin:index")):
            response = self.get_response(request)  # theirs anyway, and perhaps a form that was sent
        else:
            response = redirect(page_after(look.member))
        response.delete_cookie(MARK)
        return response


def page_after(member: Membership) -> str:
    return reverse("admin:accounts_membership_change", args=[member.pk])


def look_of(request: HttpRequest) -> Look | None:
    return getattr(request, "looking", None)


def _read_as(request: HttpRequest, look: Look) -> None:
    request.user = look.member.user
    wall: ExitStack = request.wall  # type: ignore[attr-defined]
    wall.enter_context(connection.execute_wrapper(only_reads))


def _refused(request: HttpRequest, rule: Rule) -> HttpResponse:
    is_change = rule is Rule.CHANGES and request.method not in READING
    response = render(
        request,
        "desk/not_while_looking.html",
        {"why": rule.value},
        status=405 if is_change else 403,
    )
    response.headers["Cache-Control"] = "no-store"  # a minute later they may open it as themselves
    if is_change:
        response["Allow"] = ", ".join(READING)
    return response
