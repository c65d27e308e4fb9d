"""What comes in, what goes out, and what is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refusal(Exception):
    """An answer other than 200, with a message for people."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request as it was read from the socket; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes
    origin: str  # this machine, as the client names it

    @property
    def api_key(self) -> str:
        """Raises `Refusal`."""
        key = self.headers.get("x-api-key", "").strip()
        if not key:
            raise Refusal(401, "Send your API key in the header x-api-key.")
        return key

    @property
    def body(self) -> Mapping[str, Any]:
        """Raises `Refusal`."""
        try:
            body = json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"The body is not JSON: {error}") from error
        if not isinstance(body, dict):
            raise Refusal(400, "The body must be a JSON object.")
        return body


@dataclass(frozen=True)
class Reply:
    """One answer before it is written to the socket."""

    status: int
    content: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    generation_id: str | None = None  # for the journal


def json_reply(
    body: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    generation_id: str | None = None,
) -> Reply:
    content = json.dumps(body).encode()
    return Reply(status, content, headers=headers or {}, generation_id=generation_id)


def refusal_reply(refusal: Refusal) -> Reply:
    return json_reply({"message": str(refusal)}, status=refusal.status)
