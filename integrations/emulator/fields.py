"""Read the fields of a JSON body; what is missing or wrongly typed is refused with 400."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from integrations.emulator.messages import Refusal

LONGEST_URL = 4096
MOST_PIXELS = 65_535


class Fields:
    """Each method raises `Refusal`."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    def uuid(self, name: str) -> str:
        text = self._text(name)
        if not _is_uuid(text):
            raise Refusal(400, f"{name} must be a UUID.")
        return text.lower()

    def url(self, name: str) -> str:
        text = self._text(name)
        if len(text) > LONGEST_URL or not _is_url(text):
            raise Refusal(400, f"{name} must be an http or https URL.")
        return text

    def optional_url(self, name: str) -> str | None:
        return None if self._body.get(name) is None else self.url(name)

    def optional_text(self, name: str) -> str | None:
        return None if self._body.get(name) is None else self._text(name)

    def pixels(self, name: str) -> int:
        value = self._required(name)
        # JSON's true is an int to Python.
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_PIXELS:
            raise Refusal(400, f"{name} must be a whole number of pixels.")
        return value

    def one_of(self, name: str, values: Iterable[str]) -> str:
        text = self._text(name)
        if text not in values:
            raise Refusal(400, f"{name} must be one of {', '.join(values)}.")
        return text

    def _text(self, name: str) -> str:
        value = self._required(name)
        if not isinstance(value, str):
            raise Refusal(400, f"{name} must be a string.")
        return value

    def _required(self, name: str) -> Any:
        if self._body.get(name) is None:
            raise Refusal(400, f"{name} is required.")
        return self._body[name]


def _is_uuid(text: str) -> bool:
    """UUID() alone also takes braces, a urn: prefix and missing hyphens."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
