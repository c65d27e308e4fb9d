"""What each tier of the tests costs: a table at the end of a run."""

from collections import Counter, defaultdict
from typing import Any

import pytest

TIERS = {
    "tests/bench/": "bench, at toy size",
    "tests/chaos/": "chaos, a slice",
    "tests/load/": "load, at toy size",
    "tests/hosts/": "several hosts, a slice",
}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    tests: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                tests[tier(report)] += report.when == "call"
                seconds[tier(report)] += report.duration
    terminalreporter.section("what each tier cost")
    workers = getattr(config.option, "numprocesses", None) or 1
    for name, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        minutes = spent / workers / 60
        terminalreporter.line(f"{minutes:6.1f} min {tests[name]:6} tests  {name}")


def tier(report: pytest.TestReport) -> str:
    """By its folder, or by what it needs."""
    for folder, name in TIERS.items():
        if report.nodeid.startswith(folder):
            return name
    if "browser" in report.keywords:
        return "in a browser"
    return "with processes" if "processes" in report.keywords else "in one process"
