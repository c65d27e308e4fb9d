"""iacrea's wire as its page tells it: wire.json, and what its type words mean.

Typed by hand from iacrea's documentation and independent of our own dataclasses.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

WIRE: dict[str, Any] = json.loads((Path(__file__).parent / "wire.json").read_text())


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def is_url(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_array_of_urls(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_url, value))


TYPES: dict[str, Callable[[Any], bool]] = {
    "uuid": is_uuid,
    "url": is_url,
    "integer": is_integer,
    "array of url": is_array_of_urls,
}


def is_of_type(value: Any, kind: str) -> bool:
    """`kind` is a word of TYPES, or the allowed strings with bars between them."""
    return TYPES[kind](value) if kind in TYPES else value in kind.split(" | ")


def differences(body: Any, shape: dict[str, str]) -> list[str]:
    """How `body` differs from exactly these keys and types."""
    if not isinstance(body, dict):
        return [f"not an object: {body!r}"]
    wrong = [f"{n}: {body[n]!r} is no {k}" for n, k in shape.items()
             if n in body and not is_of_type(body[n], k)]  # fmt: skip
    missing = [f"{name}: missing" for name in shape if name not in body]
    return wrong + missing + [f"{name}: not documented" for name in body if name not in shape]
