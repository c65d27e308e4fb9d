"""What a page does to the database while somebody looks: it reads. Not even a page that writes in
answer to a GET, such as a mark that something was seen, gets through."""

import re
from collections.abc import Callable
from typing import Any

# Statements that read, and those that begin and end transactions.
READS = {"SELECT", "WITH", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"}
# What may be called or say anything: texts, names in quotes, comments.
_SAYS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/""", re.DOTALL)
# Each part of a WITH may write. FOR UPDATE only locks; a function may be called REPLACE.
_WRITES = re.compile(
    r"\b(?:INSERT|REPLACE|MERGE)(?: OR \w+)? INTO\b|\bDELETE FROM\b"
    r"|(?<!\bFOR )(?<!\bKEY )\bUPDATE\b"
)


class WouldWrite(Exception):
    """Carries the first word of the statement: the others have the customer's data."""


def only_reads(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A wrapper of Django's around each statement of a connection."""
    word = sql.lstrip(" (\n").split(maxsplit=1)[0].rstrip(";").upper()
    if word not in READS or (word == "WITH" and _a_part_writes(sql)):
        raise WouldWrite(word)
    return execute(sql, params, many, context)


def _a_part_writes(sql: str) -> bool:
    words = " ".join(_SAYS.sub(" ", sql).upper().split())
    return bool(_WRITES.search(words))
