"""What every view of the API has: a key, and with it one agency in one mode, and a limit."""

import logging
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api import limits
from accounts.api.logged import row_of
from accounts.choices import Mode, Scope
from accounts.models import Agency, ApiKey
from accounts.rate_limits import count_call
from accounts.request_writer import writer

logger = logging.getLogger(__name__)


class KeyedView(APIView):
    """`scope` is what the key must have; HasScope answers 401 or 403 before the view begins."""

    scope: Scope
    is_flood = False

    def needed_scope(self) -> Scope:
        return self.scope

    @property
    def key(self) -> ApiKey:
        key = self.request.auth
        assert isinstance(key, ApiKey), "HasScope let it pass"
        return key

    @property
    def agency(self) -> Agency:
        return self.key.agency

    @property
    def mode(self) -> Mode:
        return Mode(self.key.mode)

    def dispatch(self, request: HttpRequest, *args: Any, **path: Any) -> Any:
        """Every call with a key is in the request log, refused ones too; of those above the limit
        the first of a minute."""
        began = time.perf_counter()
        response = super().dispatch(request, *args, **path)
        # DRF writes it to Django's request as well; where it never came so far nothing is asked.
        has_key = isinstance(getattr(request, "auth", None), ApiKey)
        if settings.REQUEST_LOG and has_key and not self.is_flood:
            self._log(response, began)
        return response

    def _log(self, response: HttpResponseBase, began: float) -> None:
        try:
            writer.put(row_of(self.request, response, began=began))
        except Exception:  # the call has been answered, and its photos are held
            logger.exception("a call is not in the request log")

    def perform_authentication(self, request: Request) -> None:
        """A key that is recognised is counted at once: what is then refused counts as well."""
        super().perform_authentication(request)
        if isinstance(request.auth, ApiKey):
            self._count(request)

    def _count(self, request: Request) -> None:
        usage = count_call(self.key.pk, creates=self.is_create(request))
        if usage:
            self.headers |= limits.headers(usage)
            self.is_flood = usage.left < -1
            if usage.is_exceeded:
                raise limits.throttled(usage)

    def is_create(self, request: Request) -> bool:
        """Of a CreateView's POST: it has a limit of its own."""
        return False
