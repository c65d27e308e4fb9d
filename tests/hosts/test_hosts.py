"""A slice of what may happen to several hosts. `make chaos` has all of it, and judges how soon the
service is back, and that an update loses no callback (`tests.hosts`): here other tests run beside
it."""

import math

import pytest

from tests import namespaces, redis_server
from tests.hosts.__main__ import back_s, print_report, try_out
from tests.hosts.rolling import HALF

SLICE = [HALF, "the sweeping host is cut off", "PostgreSQL starts again", "Redis is lost"]


@pytest.mark.processes
def test_several_hosts_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    namespaces.require()
    redis_server.find()
    report = try_out(SLICE)
    with capsys.disabled():
        print()
        print_report(report)
    assert report["broken"] == []
    assert [seen["event"] for seen in report["seen"]] == SLICE
    for seen in report["seen"]:
        assert seen["jobs"] >= 10 and math.isfinite(back_s(seen)), seen
