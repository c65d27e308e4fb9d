"""A rolling update: the tables first, then each host in turn, while the others serve on."""

import re
import time
from typing import TYPE_CHECKING

from tests.hosts import releases
from tests.hosts.releases import ADDS, DROPS, DROPS_TOO_EARLY, NAMES_NO_MORE, Step

if TYPE_CHECKING:
    from tests.hosts.town import Town

UPDATE = "an update: "
TODAY = f"{UPDATE}today's code"
# What must break promises, after a column was added.
TOO_EARLY = f"{UPDATE}the column is dropped while code names it"
# Whatever happens next happens to old and new code together.
HALF = f"{UPDATE}a column is added by half of the hosts"
UPDATES: dict[str, list[Step]] = {
    TODAY: [],
    f"{UPDATE}a column is added": [ADDS],
    f"{UPDATE}the code names it no more": [ADDS, NAMES_NO_MORE],
    f"{UPDATE}the column is dropped": [ADDS, NAMES_NO_MORE, DROPS],
    TOO_EARLY: [ADDS, DROPS_TOO_EARLY],
    HALF: [ADDS],
}
ONLY_BY_NAME = (TOO_EARLY, HALF)
MISFIT = re.compile("UndefinedColumn|UndefinedTable|NotNullViolation")
OLD_CODE_ALONE_S = 5.0
DRAIN_S = 90.0


def update(town: "Town", name: str) -> None:
    """The old code runs with the new tables first; then each host ends what it is at, and starts
    with the new code."""
    steps = UPDATES[name]
    folder = town.var / f"release-{list(UPDATES).index(name)}"
    town.release = releases.to_come(folder, steps) if steps else releases.today()
    town.manage("migrate")
    time.sleep(OLD_CODE_ALONE_S)
    for host in ("web1", "work1") if name == HALF else town.hosts:
        _start_again(town, host)


def _start_again(town: "Town", name: str) -> None:
    host = town.hosts[name]
    host.main.terminate()  # to the main process alone, as KillMode=mixed does
    end = time.monotonic() + DRAIN_S
    while time.monotonic() < end and any(True for _ in host.pids()):
        time.sleep(0.2)
    town.broken += [f"{name} did not end: process {pid}" for pid in host.pids()]
    town.start(name)
    town.wait_for_web(name)


def misfits(town: "Town") -> list[str]:
    """What PostgreSQL told the hosts of code and tables that do not fit each other."""
    logs = {name: (town.var / f"{name}.log").read_text().splitlines() for name in town.hosts}
    return [f"{name}: {line}" for name in logs for line in logs[name] if MISFIT.search(line)]
