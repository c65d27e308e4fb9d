"""For load balancers: the process is up; it can serve."""

import logging
import sys

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.views import defaults
from django.views.decorators.http import require_safe

from accounts.triggers import missing_triggers
from integrations.doors.problems import OUTAGES
from integrations.doors.request_id import current
from projects import canary, sweeper

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, the ledger's triggers stand and a sweeper runs; else 503. The
    canary's age, in seconds, is for who supervises the workers."""
    age: float | None = None
    checks = {"database": False, "triggers": False, "sweeper": False}
    try:
        checks["triggers"] = not missing_triggers(connection)
        checks["sweeper"] = sweeper.is_running()
        age = canary.age_s()
        checks["database"] = True
    except Error as error:
        logger.warning("the database does not answer: %s", error)
    ready = all(checks.values())
    told = {"ready": ready, **checks, "canary_age_s": None if age is None else round(age)}
    return JsonResponse(told, status=200 if ready else 503)


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Our page for what nobody expected; 503 while the database does not answer. The page is a file
    that asks nothing of anything: only the name of the call is laid into it."""
    answer = defaults.server_error(request)
    answer.content = answer.content.replace(b"<!--reference-->", _reference())
    if isinstance(sys.exc_info()[1], OUTAGES):
        answer.status_code, answer["Retry-After"] = 503, "5"
    return answer


def _reference() -> bytes:
    """A caller may have chosen it, of letters that need no escape (integrations/doors/)."""
    words = f"Référence · Reference: <code>{current.get()}</code>"
    return f'<p class="help">{words}</p>'.encode()
