"""`python -m tests.other_browsers`: the journey in Firefox and WebKit, installed where need be."""

import os
import sys

import pytest

from deploy.bootstrap import CannotInstallError
from tests.other_browsers.machines import MACHINES

MISSING = """\
*** NO {name}: the journey cannot go there. {reason}
*** Then the same make again."""


def main() -> int:
    there = [name for name in MACHINES if is_provided(name)]
    if not there or (len(there) < len(MACHINES) and os.environ.get("CI") == "true"):
        return 1
    return pytest.main(
        ["-v", "tests/other_browsers/journey.py", "-k", " or ".join(there), *sys.argv[1:]]
    )


def is_provided(name: str) -> bool:
    try:
        MACHINES[name].provision()
    except CannotInstallError as error:
        print(MISSING.format(name=name.upper(), reason=error), file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
