"""`python -m tests.bench [NAME…] [--toy] [--jobs N]`: measure, and print one table."""

import logging
import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module

import django

from tests.bench.bench import Bench, durable_database
from tests.bench.report import Row, machine, table
from tests.bench.sizes import FULL, TOY, Size

# What needs a real one.
BROWSERS = ("tapping", "visible", "pages", "drawing")
# What needs no product running comes first: a sweeper that idles would be measured too.
FIGURES = (
    "engine",
    "holds",
    "polls",
    "tasks",
    "burst",
    "handing",
    "learning",
    "accept",
    "get",
    "lists",
    "desk",
    "live",
    "rings",
    "callbacks",
    "posting",
    *BROWSERS,
    "memory",
)


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # its servers end too
    with durable_database() as url, ExitStack() as cleanup:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        _prepare()
        rows = list(_measured(asked, Bench(_size(asked), cleanup)))
    print(table(rows), machine(), sep="\n")
    return 0


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="tests.bench", description="Figures beside their rivals.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FIGURES))
    parser.add_argument("--toy", action="store_true", help="so small that it proves nothing")
    parser.add_argument("--jobs", type=int, help="of the memory's run")
    parser.add_argument("--generations", type=int, help="of the large database")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(FIGURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return asked


def _size(asked: Namespace) -> Size:
    given = {"jobs": asked.jobs, "generations": asked.generations}
    named = {name: value for name, value in given.items() if value}
    return replace(TOY if asked.toy else FULL, **named)


def _prepare() -> None:
    django.setup()
    logging.disable(logging.INFO)  # a line for each task queued
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _measured(asked: Namespace, bench: Bench) -> Iterator[Row]:
    for name in FIGURES:
        if not asked.names or name in asked.names:
            print(f"--- {name}", file=sys.stderr, flush=True)
            for row in import_module(f"tests.bench.{name}").measure(bench):
                print(" | ".join(row.cells()), file=sys.stderr, flush=True)
                yield row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
