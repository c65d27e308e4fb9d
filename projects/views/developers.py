"""For whoever programs for an agency: where to begin, and what the developers' pages share."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import keys, request_log, roles
from integrations.webhooks import selectors
from integrations.webhooks.choices import DeliveryState
from projects.developers.calls import WORDS
from projects.developers.example import curl_example, example_key
from projects.views.access import role_required, workplace
from projects.views.refusals import Problem, Refusal

DAY = timedelta(hours=24)

may_develop = role_required(*roles.DEVELOPS)


@require_safe
@may_develop
def overview(request: HttpRequest) -> HttpResponse:
    agency = workplace(request).agency
    key = example_key(keys.keys_of(agency))
    yesterday = timezone.now() - DAY
    counted = selectors.states_since(agency, yesterday)
    called = request_log.counts_since(agency, yesterday)
    context = {
        "base": settings.PUBLIC_BASE_URL,
        "key": key,
        "example": curl_example(key),
        "states": [_count(state, counted) for state in DeliveryState],
        "calls": [
            {"result": result, "label": label, "count": called[result]}
            for result, label in WORDS.items()
        ],
        "has_endpoints": selectors.all_endpoints_of(agency).exists(),
    }
    return render(request, "developers/overview.html", context)


def _count(state: DeliveryState, counted: Mapping[str, int]) -> dict[str, Any]:
    """A number that leads to the rows that it counts."""
    query = urlencode({"state": state.value, "since": "24h"})
    return {"label": state.label, "count": counted.get(state, 0), "query": query}


# --- What the pages share


def actor(request: HttpRequest) -> str:
    """Who it was, for the audit trail."""
    return str(workplace(request).membership.pk)


def refused(form: BaseForm, title: str) -> Refusal | None:
    """Each problem leads to its field."""
    if not form.errors:
        return None
    problems = [
        Problem(str(text), f"id_{field}") for field, said in form.errors.items() for text in said
    ]
    return Refusal(title, problems)


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 200
    return render(request, template, {**context, "refusal": refusal}, status=status)


def shown_once(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The one answer that a secret is in: no cache, history or "Back" keeps it."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def was_shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """To a form that was sent before: nothing was made, and nothing can be shown."""
    return render(request, "developers/was_shown.html", context, status=409)
