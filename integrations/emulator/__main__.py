"""`python -m integrations.emulator`: the same as `manage.py emulator`, without Django."""

import sys
from argparse import ArgumentParser

from integrations.emulator.server import add_arguments, run


def main() -> int:
    parser = ArgumentParser(prog="emulator", description="The stateful stand-in for iacrea.")
    add_arguments(parser)
    return run(vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
