"""What every view of the API has: a key, and with it one agency in one mode, and a limit."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api import limits
from accounts.api.logged import row_of
from accounts.choices import Mode, Scope
from accounts.models import Agency, ApiKey
from accounts.rate_limits import count_call
from accounts.request_writer import writer


class KeyedView(APIView):
    """`scope` is what the key must have; HasScope answers 401 or 403 before the view begins."""

    scope: Scope

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
        """Every call with a key is in the request log, refused ones too."""
        began = time.perf_counter()
        response = super().dispatch(request, *args, **path)
        # DRF writes it to Django's request as well; where it never came so far nothing is asked.
        if settings.REQUEST_LOG and isinstance(getattr(request, "auth", None), ApiKey):
            writer.put(row_of(self.request, response, began=began))
        return response

    def perform_authentication(self, request: Request) -> None:
        """A key that is recognised is counted at once: what is then refused counts as well."""
        super().perform_authentication(request)
        if isinstance(request.auth, ApiKey):
            self._count(request)

    def _count(self, request: Request) -> None:
        usage = count_call(self.key.pk, creates=self.is_create(request))
        if usage:
            self.headers |= limits.headers(usage)
            if usage.is_exceeded:
                raise limits.throttled(usage)

    def is_create(self, request: Request) -> bool:
        """Of a CreateView's POST: it has a limit of its own."""
        return False
