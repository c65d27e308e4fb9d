"""What a zone was drawn with: the list that static/js/mask/operations.js keeps and explains. It is
kept so that a zone can be drawn further; the mask is what counts."""

import json
import math
from typing import Any

Operations = list[dict[str, Any]]
MAX_OPERATIONS = 500
MAX_NUMBERS = 400_000
KEYS = {"f": {"t", "p", "x", "a"}, "s": {"t", "p", "r", "x"}, "c": {"t"}, "i": {"t"}}


def read_operations(text: str) -> Operations:
    """The list in a text of JSON. Raises ValueError when it is none."""
    try:
        operations = json.loads(text)
        numbers = sum(_numbers(operation) for operation in operations)
    except (TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        raise ValueError("no list of operations") from error
    if (
        not isinstance(operations, list)
        or len(operations) > MAX_OPERATIONS
        or numbers > MAX_NUMBERS
    ):
        raise ValueError("no list of operations, or too many")
    return operations


def _numbers(operation: dict[str, Any]) -> int:
    """How many numbers it has; all of them are numbers."""
    if not operation.keys() <= KEYS[operation["t"]]:
        raise ValueError("an unknown field")
    path = operation["p"] if operation["t"] in "fs" else []
    radius = operation["r"] if operation["t"] == "s" else 0
    flags = [operation.get("x", 0), operation.get("a", 0)]
    if not all(math.isfinite(float(value)) for value in [*path, radius, *flags]) or len(path) % 2:
        raise ValueError("no path")
    return len(path)
