"""A slice of what may happen to several hosts; `make chaos` has all of it (`tests.hosts`)."""

import pytest

from tests import namespaces, redis_server
from tests.hosts.__main__ import BACK_WITHIN_S, back_s, print_report, try_out

SLICE = ["the sweeping host is cut off", "PostgreSQL starts again", "Redis is lost"]


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
    assert all(seen["jobs"] > 20 for seen in report["seen"])
    assert all(back_s(seen) <= BACK_WITHIN_S for seen in report["seen"])
