"""For Prometheus, which brings the token of METRICS_TOKEN."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from projects.metrics import exposition

UNSET = "METRICS_TOKEN is not set: nobody may read the metrics of this installation.\n"
REFUSED = "Authorization: Bearer <METRICS_TOKEN> is needed.\n"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        return HttpResponse(UNSET, status=404, content_type="text/plain")
    if not _has_token(request):
        return HttpResponse(
            REFUSED, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"}
        )
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and constant_time_compare(given, settings.METRICS_TOKEN)
