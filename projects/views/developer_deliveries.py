"""Messages to an agency's software: the log, one of them, and sending it again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrations.webhooks import resends, selectors
from integrations.webhooks.exceptions import EndpointDisabled, StillPending
from integrations.webhooks.models import Delivery
from projects.developers.asked import Asked
from projects.developers.forms import DeliveryFilter
from projects.developers.rows import DeliveryRow
from projects.views.access import workplace
from projects.views.developer_endpoint import is_off
from projects.views.developer_webhooks import endpoint_or_404
from projects.views.developers import answer, may_develop, refused
from projects.views.lookup import or_404
from projects.views.refusals import Problem, Refusal

PER_PAGE = 50


@require_safe
@may_develop
def deliveries(request: HttpRequest) -> HttpResponse:
    form, agency = DeliveryFilter(request.GET), workplace(request).agency
    asked = Asked.by(form)
    found = selectors.all_deliveries_of(agency, since=asked.written_since, **asked.where)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "asked": asked,
        "endpoint": endpoint_or_404(request, asked.endpoint) if asked.endpoint else None,
        "endpoints": selectors.all_endpoints_of(agency),
        "page": page,
        "rows": [DeliveryRow(each) for each in page],
    }
    refusal = refused(form, _("The list could not be narrowed"))
    return answer(request, "developers/deliveries.html", context, refusal)


@require_safe
@may_develop
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    return _show(request, _delivery_or_404(request, delivery_id))


@require_POST
@may_develop
def resend(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    row = _delivery_or_404(request, delivery_id)
    if row.endpoint is None or row.endpoint.deleted_at:
        raise Http404  # a job's own webhook is told once
    try:
        resends.resend(row.endpoint.pk, row.pk)
    except EndpointDisabled:
        return _show(request, row, is_off())
    except StillPending:
        text = _("It is under way, or waits for its next try. It needs no other.")
        return _show(request, row, Refusal(_("Nothing was sent"), [Problem(text)], 409))
    messages.success(request, _("The message is on its way again."))
    return redirect("projects:delivery", row.pk)


def _delivery_or_404(request: HttpRequest, delivery_id: UUID) -> Delivery:
    return or_404(selectors.any_delivery_of, workplace(request).agency, delivery_id)


def _show(request: HttpRequest, row: Delivery, refusal: Refusal | None = None) -> HttpResponse:
    return answer(request, "developers/delivery.html", {"row": DeliveryRow(row)}, refusal)
