"""What the figures share: a database that keeps what it commits, and the product on another."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from tests import postgres
from tests.bench.sizes import Size
from tests.stack import Stack, running_stack


class Bench:
    def __init__(self, size: Size, cleanup: ExitStack) -> None:
        self.size = size
        self._cleanup = cleanup

    @cached_property
    def stack(self) -> Stack:
        """Web, worker and emulator; they stay until the end, so what needs none comes first."""
        return self._cleanup.enter_context(running_stack())


@contextmanager
def durable_database() -> Iterator[str]:
    """With fsync, unlike the tests' own: a commit must cost here what it costs in production."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="parterre-bench-"))
    try:
        shutil.chown(folder, **postgres.unprivileged())
        with postgres.server(folder, risks=()) as url:
            yield url
    finally:
        shutil.rmtree(folder)


def unique(name: str) -> str:
    return f"{name}-{uuid4().hex[:8]}"
