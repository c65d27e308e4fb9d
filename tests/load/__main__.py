"""`python -m tests.load [--in-flight N] [--through N] [--rounds N] [--table FILE]`: what one host
bears, with an iacrea that costs nothing. `make load` asks for ten thousand in flight."""

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from tests.bench.bench import durable_database
from tests.bench.report import table
from tests.load import tables, through
from tests.load.flight import HOLD_S, Flight, Sample
from tests.load.product import Product, product

TOLD_EVERY = 15  # samples


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # its servers end too
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with durable_database() as url, product(url) as running:
        if asked.through:
            print(table(list(through.measure(running, asked.through, asked.rounds))), flush=True)
        broken = _fly(running, asked) if asked.in_flight else []
    print(f"{len(broken)} broken promises", *broken, sep="\n    ")
    return 1 if broken else 0


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="tests.load", description="What one host bears.")
    parser.add_argument("--in-flight", type=int, default=1000, help="jobs; 0: none")
    parser.add_argument("--hold", type=float, default=HOLD_S, help="seconds that all are")
    parser.add_argument("--through", type=int, default=200, help="jobs of a round; 0: none")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", type=Path, help="where the samples are written, as TSV")
    return parser.parse_args(arguments)


def _fly(running: Product, asked: Namespace) -> list[str]:
    before = running.tell("book")["taken"]
    flight, samples = Flight(running, asked.in_flight, asked.hold), []
    print(tables.head(Sample), file=sys.stderr, flush=True)
    for number, sample in enumerate(flight.fly()):
        samples.append(sample)
        if number % TOLD_EVERY == 0:
            print(tables.line(sample), file=sys.stderr, flush=True)
    print(_summary(samples))
    if asked.table:
        tables.write(asked.table, samples)
    return flight.broken(before)


def _summary(samples: list[Sample]) -> str:
    most = max(samples, key=lambda sample: sample.in_flight)
    up = next(sample for sample in samples if sample.in_flight == most.in_flight)
    first, last = samples[0], samples[-1]
    return (
        f"{most.in_flight} in flight after {up.seconds:.0f} s, "
        f"all ended after {last.seconds:.0f} s; "
        f"web {first.web_mb:.0f} to {max(s.web_mb for s in samples):.0f} MB, "
        f"worker {first.worker_mb:.0f} to {max(s.worker_mb for s in samples):.0f} MB; "
        f"the latest poll {max(s.poll_late_s for s in samples):.0f} s late"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
