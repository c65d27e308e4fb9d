"""A process of the product whose view breaks with all that must not be told in its hands; run by
tests/test_sentry.py with the environment of an operator."""

import os
import sys

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from integrations.doors.alerts import alert

ACCOUNT, CANARY, MAIL = (os.environ[name] for name in ("ACCOUNT", "CANARY", "MAIL"))
PHOTO = f"https://parterre.example/m/{CANARY}-{'x' * 30}/photo.jpg"
KEY = f"prt_live_{CANARY}AbCd1234567890"


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    held_in_a_variable = f"{CANARY}{token}"
    said = f"no photo at {PHOTO} for {MAIL} with {KEY}\nDETAIL: Key ({CANARY}) {held_in_a_variable}"
    raise RuntimeError(said)


urlpatterns = [path("m/<str:token>/broken", breaks, name="broken")]


def main() -> None:
    django.setup()
    settings.ROOT_URLCONF = "tests.crashing"
    client = Client(raise_request_exception=False, headers={"x-request-id": "order-17"})
    client.cookies["sessionid"] = f"{CANARY}-session"
    answer = client.post(
        f"/m/{CANARY}-{'y' * 30}/broken?key={CANARY}",
        {"field": CANARY, "mail": MAIL},
        headers={"x-api-key": KEY, "authorization": f"Bearer {CANARY}", "user-agent": CANARY},
    )
    assert answer.status_code == 500, answer
    alert("account_paused", account=ACCOUNT, reason=f"refused for {MAIL} at {PHOTO}")
    print("sentry_sdk" in sys.modules)


if __name__ == "__main__":
    main()
