"""Redis as the cache of all hosts; while it is lost, the table of the database stands in.

What is counted meanwhile (tries of a sign-in) is counted in the table: limits stay limits. Values
are JSON in both: a pickle, which Django keeps, runs code in whoever reads it.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends import db
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
TABLE = "table"
# A host that is switched off answers nothing at all, and a person waits for their page.
PATIENCE_S = 1.0


class Json:
    """With the names of `pickle`. Numbers stay as they are in Redis, which adds to them itself."""

    HIGHEST_PROTOCOL = 0

    @staticmethod
    def dumps(value: Any, _protocol: int = 0) -> Any:
        return value if type(value) is int else json.dumps(value).encode()

    @staticmethod
    def loads(data: bytes) -> Any:
        return json.loads(data)


class JsonInTable(Json):
    @staticmethod
    def dumps(value: Any, _protocol: int = 0) -> bytes:
        return json.dumps(value).encode()


# Django's table has no choice of a serializer: it calls this by name.
db.pickle = JsonInTable  # type: ignore[attr-defined]


class JsonTable(db.DatabaseCache):
    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except ValueError:
            return _not_ours(default)


class RedisOrTable(RedisCache):
    """Django's own, but that each of its calls goes to the table when Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        ours = {
            "socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S, "serializer": Json,
        }  # fmt: skip
        super().__init__(server, params | {"OPTIONS": ours | params.get("OPTIONS", {})})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return _get(self, key, default, version)
        except ValueError:
            return _not_ours(default)


def _not_ours(default: Any) -> Any:
    """A value of the version before, or of who writes to the cache and should not."""
    logger.error("a value in the cache is no JSON, and counts as none")
    return default


def _or_table(name: str) -> Callable[..., Any]:
    def call(self: RedisOrTable, *arguments: Any, **named: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *arguments, **named)
        except RedisError as error:
            # Its class only: the address may hold a password.
            logger.warning("Redis does not answer (%s): the table serves", type(error).__name__)
            return getattr(caches[TABLE], name)(*arguments, **named)

    return call


_get = _or_table("get")
CALLS = (
    *("add", "set", "touch", "delete", "has_key", "incr"),
    *("get_many", "set_many", "delete_many", "clear"),
)
for _name in CALLS:
    setattr(RedisOrTable, _name, _or_table(_name))
