"""The developers' pages as a browser asks for them."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts.choices import Mode, Role, Scope
from accounts.models import ApiKey, ApiRequest, Membership, User
from accounts.services import add_member
from integrations.webhooks.models import WebhookEndpoint
from integrations.webhooks.services import create_endpoint
from tests.conftest import Cast

HOOK = "https://hooks.example.org/parterre"
KEY = re.compile(r'value="(prt_(?:live|test)_\w{49})"')
SECRET = re.compile(r'value="(whsec_[^"]+)"')


def key_form(**fields: Any) -> dict[str, Any]:
    usual = {"name": "shop", "mode": "test", "scopes": [Scope.QUOTA_READ], "ends": ""}
    return {"form_id": str(uuid4()), **usual, **fields}


def endpoint_form(**fields: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "mode": "live", "url": HOOK, "description": "", **fields}


def endpoint(cast: Cast, url: str = HOOK, mode: Mode = Mode.LIVE) -> WebhookEndpoint:
    return create_endpoint(agency=cast.agency, mode=mode, url=url)


def planted_call(key: ApiKey, **fields: Any) -> ApiRequest:
    """As the log of a web process would have it; see test_calls.py for how it comes there."""
    usual = {
        "agency": key.agency, "api_key": key, "called_at": timezone.now(), "method": "GET",
        "path": "/api/v1/quota", "status": 200, "request_id": uuid4().hex, "milliseconds": 7,
    }  # fmt: skip
    return ApiRequest.objects.create(**{**usual, **fields})


def member(cast: Cast, role: Role) -> Membership:
    user = User.objects.create_user(f"{role}@example.org", "a password for tests", name=role)
    return add_member(agency=cast.agency, user=user, role=role)


def reader(person: Membership) -> Client:
    """Who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.user)
    return client


def client_of(cast: Cast, role: Role) -> Client:
    return reader(member(cast, role))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def shown(pattern: re.Pattern[str], answer: Any) -> str:
    """The secret that a page shows; it must say that nobody keeps the page."""
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    (found,) = pattern.findall(text_of(answer))
    return str(found)
