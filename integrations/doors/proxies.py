"""`X-Forwarded-*` is believed from `TRUSTED_PROXIES` alone: anybody else may have made it up."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FORWARDED = "HTTP_X_FORWARDED_"


class TrustedProxiesMiddleware:
    """Before whatever asks for a visitor's address or whether TLS was spoken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(network) for network in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            for name in [name for name in request.META if name.startswith(FORWARDED)]:
                del request.META[name]
        return self.get_response(request)

    def _is_trusted(self, caller: str) -> bool:
        try:
            address = ip_address(caller)
        except ValueError:  # a Unix socket has none
            return False
        return any(address in network for network in self.trusted)
