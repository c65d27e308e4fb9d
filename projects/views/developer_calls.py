"""Calls of an agency's software: the log, and one of them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import keys, request_log
from projects.developers.calls import CallFilter, CallRow, mark_of
from projects.views.access import workplace
from projects.views.developers import answer, may_develop, refused
from projects.views.lookup import or_404

PER_PAGE = 50


@require_safe
@may_develop
def calls(request: HttpRequest) -> HttpResponse:
    """Paged by time, without a count: there may be millions."""
    form, agency = CallFilter(request.GET), workplace(request).agency
    found = list(request_log.calls_of(agency).filter(form.where)[: PER_PAGE + 1])
    rows = [CallRow(call) for call in found[:PER_PAGE]]
    older = {"before": mark_of(rows[-1].call.called_at)} if len(found) > PER_PAGE else None
    context = {
        "form": form,
        "keys": keys.keys_of(agency),
        "rows": rows,
        "query": form.query,
        "older": urlencode(older) if older else "",
        "is_narrowed": bool(form.query) or "before" in request.GET,
    }
    refusal = refused(form, _("The list could not be narrowed"))
    return answer(request, "developers/calls.html", context, refusal)


@require_safe
@may_develop
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    found = or_404(request_log.call_of, workplace(request).agency, call_id)
    return answer(request, "developers/call.html", {"row": CallRow(found)})
