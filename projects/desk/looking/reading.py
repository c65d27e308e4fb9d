"""What a page does to the database while somebody looks: it reads. Not even a page that writes in
answer to a GET, such as a mark that something was seen, gets through."""

from collections.abc import Callable
from typing import Any

# Statements that read, and those that begin and end transactions.
READS = {"SELECT", "WITH", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"}


class WouldWrite(Exception):
    """Carries the first word of the statement: the others have the customer's data."""


def only_reads(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A wrapper of Django's around each statement of a connection."""
    word = sql.lstrip(" (\n").split(maxsplit=1)[0].rstrip(";").upper()
    if word not in READS:
        raise WouldWrite(word)
    return execute(sql, params, many, context)
