"""CSV that is sent line by line, so that a long list takes no memory."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# Without it Excel takes UTF-8 for the code page of the machine.
BYTE_ORDER_MARK = "\ufeff"
# With what a spreadsheet lets a formula begin, also after spaces.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_download(
    name: str,
    header: Iterable[str],
    rows: Iterable[Iterable[Any]],
    *,
    delimiter: str = ",",
    begin: str = "",
) -> StreamingHttpResponse:
    """A file of this name. `begin` comes before its first line, such as BYTE_ORDER_MARK."""
    lines = _lines(header, rows, delimiter)
    answer = StreamingHttpResponse(_after(begin, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def harmless(text: str) -> str:
    """Words that people typed, such that no spreadsheet runs them: an apostrophe makes it text."""
    return f"'{text}" if text.startswith(RUNS) or text.lstrip().startswith(RUNS) else text


def _lines(header: Iterable[str], rows: Iterable[Iterable[Any]], delimiter: str) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=delimiter)
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(row)


def _after(begin: str, lines: Iterator[str]) -> Iterator[str]:
    if begin:
        yield begin
    yield from lines


class _Line:
    """What csv writes to: the line is what it returns."""

    def write(self, line: str) -> str:
        return line
