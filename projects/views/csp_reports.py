"""What a browser refused by our content policy, in its own words: a line of the log. Either we
broke the policy, or somebody got something into a page."""

import json
import logging
import re
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)
MAX_BYTES = 8_000
# Of each process: anybody may send us one.
LINES_A_MINUTE = 20
DIRECTIVE = re.compile(r"[a-z-]{1,40}")
_told: deque[float] = deque(maxlen=LINES_A_MINUTE)


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    try:
        report = _report(request.read(MAX_BYTES + 1))
    except ValueError:
        text = "Expected a report of a content policy: application/csp-report.\n"
        return HttpResponseBadRequest(text, content_type="text/plain")
    if _may_tell():
        logger.warning("the content policy refused %s", report)
    return HttpResponse(status=204)


def _report(body: bytes) -> str:
    """Directive, origin of what was refused, path of the page. Raises ValueError."""
    told: Any = json.loads(body)
    report = told.get("csp-report") if isinstance(told, dict) else None
    if len(body) > MAX_BYTES or not isinstance(report, dict):
        raise ValueError
    words = str(report.get("effective-directive") or report.get("violated-directive")).split()
    directive = words[0] if words else ""
    if not DIRECTIVE.fullmatch(directive):
        raise ValueError
    page = urlsplit(str(report.get("document-uri", ""))).path
    return f"{directive} of {_origin(str(report.get('blocked-uri', '')))!r} on {page[:200]!r}"


def _origin(blocked: str) -> str:
    """Not the whole address, which is another's; or a word such as `inline`."""
    parts = urlsplit(blocked)
    return f"{parts.scheme}://{parts.netloc}"[:100] if parts.netloc else blocked[:20]


def _may_tell() -> bool:
    now = time.monotonic()
    if len(_told) == LINES_A_MINUTE and now - _told[0] < 60:
        return False
    _told.append(now)
    return True
