"""A web process that dies in the middle of a page: `python -m tests.desk.dying`.

Django starts once. Each order is a fork of that process, which has neither thread nor connection:
it sends the page, and kills itself at a moment, as nothing else could hit it.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

from tests.stack import ROOT

BEFORE_ENTRY, BEFORE_COMMIT, AFTER_COMMIT = MOMENTS = (
    "before the audit entry", "before the commit", "after the commit",
)  # fmt: skip
ENTRY = "accounts_auditentry"
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# Takes page, fields, cookie and moment; returns the exit code, and which tables were written.
Die = Callable[[str, dict[str, Any], str, str], tuple[int, list[str]]]


@contextmanager
def dying(database_url: str) -> Iterator[Die]:
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    run = [sys.executable, "-m", "tests.desk.dying"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(run, cwd=ROOT, env=environment, **pipes) as process:
        yield partial(_order, process)
        process.stdin.close()


def _order(process: Any, *order: Any) -> tuple[int, list[str]]:
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    *wrote, code = process.stdout.readline().split()
    return int(code), wrote


def main() -> None:
    import django

    django.setup()
    _warm()
    for line in sys.stdin:
        print(_fork(line), flush=True)


def _warm() -> None:
    """What the first page would load."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import reverse

    WSGIHandler()
    reverse("admin:index")


def _fork(line: str) -> int:
    child = os.fork()
    if child == 0:
        _send(*json.loads(line))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _send(page: str, fields: dict[str, Any], cookie: str, moment: str) -> None:
    from django.conf import settings
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.test import Client

    client, wrote = Client(), list[str]()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    BaseDatabaseWrapper.commit = _commit(BaseDatabaseWrapper.commit, wrote, moment)
    with connection.execute_wrapper(partial(_statement, wrote, moment)):
        client.post(page, fields)


def _statement(wrote: list[str], moment: str, execute: Any, sql: str, *call: Any) -> Any:
    table = WRITES.match(sql)
    if table and table[1] == ENTRY and moment == BEFORE_ENTRY:
        _die(wrote)
    result = execute(sql, *call)
    if table:
        wrote.append(table[1])
    return result


def _commit(original: Callable[[Any], None], wrote: list[str], moment: str) -> Any:
    """Of the transaction that has the entry: a session is written in one of its own."""

    def commit(connection: Any) -> None:
        if ENTRY in wrote and moment == BEFORE_COMMIT:
            _die(wrote)
        original(connection)
        if ENTRY in wrote:
            _die(wrote)

    return commit


def _die(wrote: list[str]) -> NoReturn:
    print(*wrote, end=" ", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


if __name__ == "__main__":
    main()
