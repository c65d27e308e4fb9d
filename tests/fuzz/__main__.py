"""`make fuzz`: many more cases than a test run takes, from a seed that is told.

python -m tests.fuzz                   some minutes
python -m tests.fuzz --seed 7          the same cases again
python -m tests.fuzz --examples 1000   of each call, beside its boundaries
"""

import argparse
import os
import secrets
import sys
import time

import pytest


def main() -> int:
    options = _options()
    os.environ |= {"FUZZ_SEED": str(options.seed), "FUZZ_EXAMPLES": str(options.examples)}
    again = f"python -m tests.fuzz --seed {options.seed} --examples {options.examples}"
    print(f"The same again: {again}", flush=True)
    started = time.monotonic()
    status = pytest.main(["-q", "tests/fuzz"])
    _print_tally(time.monotonic() - started)
    print(f"The same again: {again}")
    return int(status)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--examples", type=int, default=300, help="of each call")
    return parser.parse_args()


def _print_tally(seconds: float) -> None:
    from tests.fuzz.test_schema import TALLY  # made by the run, from the environment set above

    told = ", ".join(f"{count} × {status}" for status, count in sorted(TALLY.items()))
    print(f"{TALLY.total()} calls in {seconds:.0f} s: {told}")


if __name__ == "__main__":
    sys.exit(main())
