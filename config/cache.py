"""Redis as the cache of all hosts; while it is lost, the table of the database stands in.

What is counted meanwhile (tries of a sign-in) is counted in the table: limits stay limits.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
TABLE = "table"
# A host that is switched off answers nothing at all, and a person waits for their page.
PATIENCE_S = 1.0


class RedisOrTable(RedisCache):
    """Django's own, but that each of its calls goes to the table when Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patience = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})


def _or_table(name: str) -> Callable[..., Any]:
    def call(self: RedisOrTable, *arguments: Any, **named: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *arguments, **named)
        except RedisError as error:
            # Its class only: the address may hold a password.
            logger.warning("Redis does not answer (%s): the table serves", type(error).__name__)
            return getattr(caches[TABLE], name)(*arguments, **named)

    return call


CALLS = (
    *("add", "get", "set", "touch", "delete", "has_key", "incr"),
    *("get_many", "set_many", "delete_many", "clear"),
)
for _name in CALLS:
    setattr(RedisOrTable, _name, _or_table(_name))
