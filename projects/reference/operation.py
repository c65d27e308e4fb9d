"""One call of the API as the reference tells it. What follows from its view (scope, limits,
Idempotency-Key) is not said again here: schema.py asks the view."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from rest_framework.serializers import Serializer

Text = str | Promise
Form = type[Serializer[Any]]


@dataclass(frozen=True)
class Answer:
    """A success: its body, if it has one, and when it is this one of several."""

    body: Form | None = None
    said: Text = ""
    example: Any = None


@dataclass(frozen=True)
class Operation:
    """`refusals` are the codes of its own; `query` are the fields of a list's filters."""

    name: str
    topic: str
    summary: Text
    description: Text
    answers: dict[int, Answer]
    body: Form | None = None
    example: Any = None
    query: Form | None = None
    is_list: bool = False
    as_csv: bool = False
    refusals: tuple[str, ...] = ()
    calls_back: bool = False  # to the `webhook` that its body names
    query_example: dict[str, str] = field(default_factory=dict)
