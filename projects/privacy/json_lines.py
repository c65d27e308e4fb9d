"""A JSON object of lists, written row by row: it takes no memory however long a list is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

Row = dict[str, Any]
# A name, and the rows that it has.
Section = tuple[str, Iterable[Row]]


def written(sections: Iterable[Section]) -> Iterator[str]:
    """Each row is a line. Times are UTC."""
    yield "{"
    for number, (name, rows) in enumerate(sections):
        yield f"{',' if number else ''}\n{json.dumps(name)}: ["
        yield from _rows(rows)
        yield "\n]"
    yield "\n}\n"


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for number, row in enumerate(rows):
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield f"{',' if number else ''}\n{text}"
