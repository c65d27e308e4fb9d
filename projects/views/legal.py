"""The legal pages, for whoever comes: without a session, a cookie or a query of the database."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.devices import DAYS_400
from accounts.notifications import KEPT as NOTIFICATIONS_KEPT
from accounts.request_log import KEPT as CALLS_KEPT
from integrations.webhooks.retention import KEPT as DELIVERIES_KEPT
from projects import legal
from projects.selectors import BIN_KEEPS

DAY_S = 24 * 3600
TITLES = {
    "mentions-legales": gettext_lazy("Legal notice"),
    "conditions": gettext_lazy("Terms"),
    "confidentialite": gettext_lazy("Privacy"),
    "sous-traitants": gettext_lazy("Sub-processors"),
    "accessibilite": gettext_lazy("Accessibility"),
}


@require_safe
def page(request: HttpRequest, page: str) -> HttpResponse:
    """Rendered without the request, so that no part of the frame can look for a session."""
    asked = request.GET.get("langue", "")
    language = asked if asked in legal.LANGUAGES else str(get_language())
    with translation.override(language):
        answer = HttpResponse(render_to_string("legal/page.html", _context(page, language)))
    answer["Content-Language"] = language
    return answer


def _context(page: str, language: str) -> dict[str, object]:
    return {
        "page": page,
        "title": TITLES[page],
        "own": legal.own_text(page, language),
        "built_in": f"legal/_{page}.html",
        "operator": _operator(),
        "kept": _kept(),
    }


def _operator() -> dict[str, str]:
    return {
        "name": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "email": settings.OPERATOR_EMAIL,
    }


def _kept() -> dict[str, int]:
    """In days, from where the software has them."""
    return {
        "bin": BIN_KEEPS.days,
        "notifications": NOTIFICATIONS_KEPT.days,
        "calls": CALLS_KEPT.days,
        "deliveries": DELIVERIES_KEPT.days,
        "inputs": settings.INPUT_LINK_S // DAY_S,
        "results": settings.RESULT_LINK_S // DAY_S,
        "session": settings.SESSION_COOKIE_AGE // DAY_S,
        "csrf": settings.CSRF_COOKIE_AGE // DAY_S,
        "device": DAYS_400 // DAY_S,
    }
