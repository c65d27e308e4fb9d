"""CSV files that operators hand to a command."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError


def read_lines(
    path: Path, columns: set[str], more: set[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line with its number; `columns` must be there, `more` may. Comma or semicolon, as a
    French Excel writes it; a byte order mark is nothing."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    _check(path, {name.strip() for name in reader.fieldnames or ()}, columns, more)
    for line in reader:
        yield reader.line_num, {_text(name): _text(value) for name, value in line.items()}


def _check(path: Path, found: set[str], columns: set[str], more: set[str]) -> None:
    if missing := columns - found:
        raise CommandError(f"{path}: the first line lacks {', '.join(sorted(missing))}")
    if unknown := found - columns - more:
        raise CommandError(f"{path}: there is no column {', '.join(sorted(unknown))}")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
