"""Who may say for whom they speak, and that it was TLS."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from integrations.doors.proxies import TrustedProxiesMiddleware

SAID = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "elsewhere.example",
}


def heard(settings: Any, trusted: list[str], caller: str) -> dict[str, str]:
    settings.TRUSTED_PROXIES = trusted
    kept: dict[str, str] = {}

    def view(request: Any) -> HttpResponse:
        kept.update({name: request.META[name] for name in SAID if name in request.META})
        return HttpResponse()

    TrustedProxiesMiddleware(view)(RequestFactory().get("/", **SAID, REMOTE_ADDR=caller))
    return kept


@pytest.mark.parametrize("caller", ["10.0.0.7", "fd00::7"])
def test_a_trusted_proxy_is_believed(settings: Any, caller: str) -> None:
    assert heard(settings, ["10.0.0.0/8", "fd00::/8"], caller) == SAID


@pytest.mark.parametrize("caller", ["192.0.2.1", "::1", "", "unix:"])
def test_nobody_else_is(settings: Any, caller: str) -> None:
    assert heard(settings, ["10.0.0.0/8", "fd00::/8"], caller) == {}
    assert heard(settings, [], caller) == {}
