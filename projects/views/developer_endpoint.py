"""One webhook endpoint: its state, its secret, a test, and sending again what it did not get."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from integrations.webhooks import resends, selectors, services
from integrations.webhooks.choices import DisabledReason
from integrations.webhooks.exceptions import EndpointDisabled, SecretReplaced
from integrations.webhooks.models import WebhookEndpoint
from projects.developers.forms import ResendForm, SecretForm
from projects.developers.rows import DeliveryRow
from projects.views.developer_webhooks import endpoint_or_404, show_secret
from projects.views.developers import actor, answer, may_develop, refused, was_shown
from projects.views.refusals import Problem, Refusal

NEWEST = 5


@require_safe
@may_develop
def endpoint(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return show_endpoint(request, endpoint_or_404(request, endpoint_id))


@require_POST
@may_develop
def new_secret(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    row, form = endpoint_or_404(request, endpoint_id), SecretForm(request.POST)
    if refusal := refused(form, _("The secret was not replaced")):
        return show_endpoint(request, row, refusal)
    overlap = timedelta(hours=int(form.cleaned_data["overlap"]))
    try:
        secret = services.rotate_secret(
            row.pk, overlap=overlap, replaces=form.cleaned_data["replaces"], actor_id=actor(request)
        )
    except SecretReplaced:
        return was_shown(request, {"endpoint": row, "is_secret": True})
    return show_secret(request, row, secret, is_new=False)


@require_POST
@may_develop
def disable(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    row = endpoint_or_404(request, endpoint_id)
    if services.disable_endpoint(row.pk, DisabledReason.REQUESTED, actor_id=actor(request)):
        messages.success(request, _("The endpoint is off: nothing is sent to it."))
    return redirect("projects:endpoint", row.pk)


@require_POST
@may_develop
def enable(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    row = endpoint_or_404(request, endpoint_id)
    if services.enable_endpoint(row.pk, actor_id=actor(request)):
        said = _("The endpoint is on. What failed meanwhile can be sent again below.")
        messages.success(request, said)
    return redirect("projects:endpoint", row.pk)


@require_POST
@may_develop
def delete(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    services.delete_endpoint(endpoint_or_404(request, endpoint_id).pk, actor_id=actor(request))
    messages.success(request, _("The endpoint is deleted."))
    return redirect("projects:endpoints")


@require_POST
@may_develop
def test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Its page shows the answer as soon as there is one."""
    row = endpoint_or_404(request, endpoint_id)
    try:
        return redirect("projects:delivery", services.send_ping(row.pk).pk)
    except EndpointDisabled:
        return show_endpoint(request, row, is_off())


@require_POST
@may_develop
def resend_failed(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    row, form = endpoint_or_404(request, endpoint_id), ResendForm(request.POST)
    if refusal := refused(form, _("Nothing was sent again")):
        return show_endpoint(request, row, refusal)
    try:
        count = resends.resend_failed(row.pk, form.moment)
    except EndpointDisabled:
        return show_endpoint(request, row, is_off())
    said = ngettext(
        "%(n)s message is on its way again.", "%(n)s messages are on their way again.", count
    ) % {"n": count}
    messages.success(request, said if count else _("Nothing failed since then."))
    return redirect("projects:endpoint", row.pk)


def is_off() -> Refusal:
    text = _("This endpoint is off: nothing is sent to it. Switch it on first.")
    return Refusal(_("Nothing was sent"), [Problem(text)], 409)


def show_endpoint(
    request: HttpRequest, row: WebhookEndpoint, refusal: Refusal | None = None
) -> HttpResponse:
    newest = selectors.all_deliveries_of(row.agency_id, endpoint_id=row.pk)[:NEWEST]
    context: dict[str, Any] = {
        "endpoint": row,
        "secret_form": SecretForm(initial={"replaces": selectors.present_secret_id(row.pk)}),
        "resend_form": ResendForm(),
        "ends": selectors.ends_of_secrets(row),
        "rows": [DeliveryRow(each) for each in newest],
    }
    return answer(request, "developers/endpoint.html", context, refusal)
