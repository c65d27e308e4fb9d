"""Refusals of the webhooks' API, each with its status and its stable code."""

from django.utils.translation import gettext_lazy as _

from integrations.doors.problems import Problem
from integrations.webhooks.services import MOST_ENDPOINTS


def unknown_endpoint() -> Problem:
    detail = _("Your agency has no webhook endpoint with this id in the mode of this key.")
    return Problem(code="not_found", status=404, title=_("Not found"), detail=detail)


def unknown_delivery() -> Problem:
    detail = _("This endpoint has no delivery with this id. Deliveries are kept for 30 days.")
    return Problem(code="not_found", status=404, title=_("Not found"), detail=detail)


def unknown_event() -> Problem:
    detail = _("Your agency has no event with this id. Events are kept for 30 days.")
    return Problem(code="not_found", status=404, title=_("Not found"), detail=detail)


def too_many_endpoints() -> Problem:
    detail = _(
        "Your agency has %(most)s endpoints in this mode and can have no more. Delete one, or "
        "change one. One endpoint can receive every type of event."
    ) % {"most": MOST_ENDPOINTS}
    return Problem(
        code="too_many_endpoints", status=409, title=_("Too many endpoints"), detail=detail
    )


def endpoint_disabled() -> Problem:
    detail = _("This endpoint is disabled: nothing is sent to it. Enable it first.")
    return Problem(
        code="endpoint_disabled", status=409, title=_("Endpoint disabled"), detail=detail
    )


def still_pending() -> Problem:
    detail = _("This delivery is under way or waits for its next try. It needs no other.")
    return Problem(code="still_pending", status=409, title=_("Still pending"), detail=detail)
