"""A call that is to be shown as code."""

from dataclasses import dataclass, field
from textwrap import indent
from typing import Any
from urllib.parse import urlencode

Lines = list[str]


@dataclass(frozen=True)
class Wish:
    """`is_form`: the body is sent as a form, whose `file` is the name of a file. `is_wire`: the
    key goes where clients of iacrea send it."""

    method: str
    url: str
    body: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    is_form: bool = False
    is_wire: bool = False
    idempotency_key: str = ""

    @property
    def whole_url(self) -> str:
        return f"{self.url}?{urlencode(self.query)}" if self.query else self.url

    @property
    def key_header(self) -> tuple[str, str]:
        return ("x-api-key", "") if self.is_wire else ("Authorization", "Bearer ")

    @property
    def own_headers(self) -> dict[str, str]:
        """Beside the key's, and without the type of a body, which some libraries add."""
        return {"Idempotency-Key": self.idempotency_key} if self.idempotency_key else {}

    @property
    def file(self) -> str:
        return str((self.body or {})["file"])

    @property
    def is_json(self) -> bool:
        return self.body is not None and not self.is_form


def lines(rows: Lines, by: int) -> str:
    return indent("\n".join(rows), " " * by)
