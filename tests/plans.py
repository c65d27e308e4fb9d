"""How a database would answer a query."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection


def plan(sql: str) -> list[str]:
    """SQLite, step by step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [str(row[3]) for row in cursor.fetchall()]


def read_whole(sql: str) -> set[str]:
    """Tables that PostgreSQL would read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    (told,) = json.loads(found) if isinstance(found, str) else found
    return {
        node["Relation Name"] for node in _nodes(told["Plan"]) if node["Node Type"] == "Seq Scan"
    }


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
