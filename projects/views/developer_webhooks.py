"""Webhook endpoints: the list, a new one, and changing one."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Mode
from integrations.webhooks import selectors, services
from integrations.webhooks.api.refusals import too_many_endpoints
from integrations.webhooks.exceptions import TooManyEndpoints
from integrations.webhooks.models import WebhookEndpoint
from projects.developers.forms import ChangeEndpointForm, EndpointForm
from projects.views.access import workplace
from projects.views.developers import actor, answer, may_develop, refused, shown_once, was_shown
from projects.views.lookup import or_404
from projects.views.refusals import Problem, Refusal

asks_and_does = require_http_methods(["GET", "HEAD", "POST"])


def endpoint_or_404(request: HttpRequest, endpoint_id: UUID) -> WebhookEndpoint:
    """Of either mode."""
    return or_404(selectors.any_endpoint_of, workplace(request).agency, endpoint_id)


@require_safe
@may_develop
def endpoints(request: HttpRequest) -> HttpResponse:
    rows = selectors.all_endpoints_of(workplace(request).agency)
    return answer(request, "developers/endpoints.html", {"endpoints": rows})


@asks_and_does
@may_develop
def new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = EndpointForm(initial={"form_id": uuid4()})
        return answer(request, "developers/new_endpoint.html", {"form": form})
    form = EndpointForm(request.POST)
    if refusal := refused(form, _("The endpoint was not made")):
        return answer(request, "developers/new_endpoint.html", {"form": form}, refusal)
    return _made(request, form)


def _made(request: HttpRequest, form: EndpointForm) -> HttpResponse:
    fields = dict(form.cleaned_data)
    endpoint_id, mode = fields.pop("form_id"), Mode(fields.pop("mode"))
    try:
        endpoint = services.create_endpoint(
            agency=workplace(request).agency, mode=mode, endpoint_id=endpoint_id,
            actor_id=actor(request), **fields,
        )  # fmt: skip
    except IntegrityError:
        return was_shown(request, {"endpoint": endpoint_or_404(request, endpoint_id)})
    except TooManyEndpoints:
        problem = Problem(str(too_many_endpoints().detail))
        refusal = Refusal(_("The endpoint was not made"), [problem], 409)
        return answer(request, "developers/new_endpoint.html", {"form": form}, refusal)
    return show_secret(request, endpoint, selectors.secret_of(endpoint.pk) or "")


@asks_and_does
@may_develop
def change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    row = endpoint_or_404(request, endpoint_id)
    if request.method != "POST":
        form = ChangeEndpointForm(initial=vars(row))
        return answer(request, "developers/change_endpoint.html", {"form": form, "endpoint": row})
    form = ChangeEndpointForm(request.POST)
    if refusal := refused(form, _("The endpoint was not changed")):
        context = {"form": form, "endpoint": row}
        return answer(request, "developers/change_endpoint.html", context, refusal)
    services.change_endpoint(row.pk, actor_id=actor(request), **form.cleaned_data)
    messages.success(request, _("The endpoint is changed."))
    return redirect("projects:endpoint", row.pk)


def show_secret(
    request: HttpRequest, endpoint: WebhookEndpoint, secret: str, *, is_new: bool = True
) -> HttpResponse:
    context = {"endpoint": endpoint, "secret": secret, "is_new": is_new}
    return shown_once(request, "developers/secret.html", context)
