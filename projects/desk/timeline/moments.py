"""What each table tells of a generation, asked in one statement.

Each source gives rows of the same shape: when, of what kind, and the facts that its sentence needs.
The database joins them (UNION ALL), puts them in order and cuts them, so that a page costs the same
however much there is to tell.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject

from projects.models import Generation

Facts = dict[str, Any]
Rows = QuerySet[Any, Any]
# What is left of a flood: first its own life and its books, then whatever else happened.
FIRST, THEN = 0, 1


@dataclass(frozen=True)
class Reader:
    """Of which generation it is told, and what people and keys are called."""

    job: Generation
    names: dict[str, str] = field(default_factory=dict)

    def who(self, actor_id: str | None) -> str:
        """What nobody is called any more is called by the beginning of its id."""
        return self.names.get(_plain(actor_id), str(actor_id or "")[:8])


@dataclass(frozen=True)
class Said:
    """`detail` is shown redacted, and `row` leads to the page of a row: its model and its id."""

    words: str
    detail: Any = None
    row: tuple[str, str] | None = None


Tell = Callable[[Reader, Facts], Said]


def moments(rows: Rows, at: str, **facts: Any) -> Rows:
    """A line for each row whose moment `at` has come; `facts` by their names in the table."""
    return _ranked(THEN, rows, at, facts)


def vital(rows: Rows, at: str, **facts: Any) -> Rows:
    """The same, of what no flood may push out."""
    return _ranked(FIRST, rows, at, facts)


def _ranked(rank: int, rows: Rows, at: str, facts: Facts) -> Rows:
    come = rows.order_by().filter(**{f"{at}__isnull": False})
    told: Rows = come.annotate(line_rank=Value(rank), line_at=F(at), line_facts=JSONObject(**facts))
    return told


def as_tree(value: Any) -> Any:
    """JSON within JSON: SQLite gives it as text."""
    return json.loads(value) if isinstance(value, str) and value else value


def as_moment(value: str) -> datetime:
    """A moment within JSON: both databases write it in UTC, one without saying so."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def as_id(value: str) -> str:
    """An id within JSON, as actors are written down."""
    return _plain(value)


def _plain(value: str | None) -> str:
    return str(value or "").replace("-", "").lower()
