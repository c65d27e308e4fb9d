"""What a zone was drawn with: the list that static/js/mask/operations.js keeps and explains. It is
kept so that a zone can be drawn further; the mask is what counts."""

import json
import math
from collections.abc import Iterable
from typing import Any

Operations = list[dict[str, Any]]
Points = Iterable[tuple[float, float]]
MAX_OPERATIONS = 500
MAX_NUMBERS = 400_000
KEYS = {"f": {"t", "p", "x", "a"}, "s": {"t", "p", "r", "x"}, "c": {"t"}, "i": {"t"}}


def polygon(corners: Points) -> Operations:
    """A zone that was typed, in pixels, as the editor keeps it: one shape that stands alone."""
    path = [round(value, 1) for corner in corners for value in corner]
    return [{"t": "f", "p": path, "a": 1}]


def read_operations(text: str) -> Operations:
    """The list in a text of JSON. Raises ValueError when it is none."""
    try:
        return checked(json.loads(text))
    except RecursionError as error:
        raise ValueError("no list of operations") from error


def checked(operations: Any) -> Operations:
    """What JSON gave, when it is a list of operations; else a ValueError."""
    try:
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
