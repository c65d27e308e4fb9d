"""The webhooks' API as an agency's software calls it."""

import json
from typing import Any

from django.test import Client

from tests.conftest import Cast

ENDPOINTS = "/api/v1/webhook-endpoints"
EVENTS = "/api/v1/events"


class Api:
    """Calls with one key; each returns status and JSON."""

    def __init__(self, key: str) -> None:
        self.headers = {"authorization": f"Bearer {key}"}
        self.client = Client()

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return _read(self.client.get(path, query, headers=self.headers))

    def send(self, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        call = getattr(self.client, verb)
        said = {"data": json.dumps(body or {}), "content_type": "application/json"}
        return _read(call(path, **said, headers={**self.headers, **headers}))

    def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        return self.send("post", path, body, **headers)

    def endpoint(self, url: str, **fields: Any) -> Any:
        """A new one, with its secret."""
        status, answer = self.post(ENDPOINTS, {"url": url, **fields})
        assert status == 201, answer
        return answer

    def deliveries(self, endpoint: Any, **query: Any) -> list[Any]:
        status, answer = self.get(f"{ENDPOINTS}/{endpoint['id']}/deliveries", **query)
        assert status == 200, answer
        return list(answer["data"])


def live(cast: Cast) -> Api:
    return Api(cast.api_key)


def _read(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json() if response.content else None
