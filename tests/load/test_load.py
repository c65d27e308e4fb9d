"""The load at toy size: what it says of time means nothing, what it says of the books does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.tree import ROOT
from tests.load import tables
from tests.load.flight import Sample
from tests.load.upstream import Upstream

JOBS = 8


@pytest.mark.processes
def test_nothing_is_lost_of_what_is_in_flight(tmp_path: Path) -> None:
    table = tmp_path / "flight.tsv"
    sizes = [f"--in-flight={JOBS}", "--hold=1", f"--through={JOBS}", "--rounds=1"]
    told = _run("tests.load", *sizes, f"--table={table}")
    assert "from accepted to SUCCEEDED" in told and "0 broken promises" in told
    machine, seen = tables.read(table)
    assert "cores" in machine and max(seen["in_flight"]) == JOBS == seen["succeeded"][-1]


@pytest.mark.processes
def test_each_size_is_measured(tmp_path: Path) -> None:
    table = tmp_path / "rows.tsv"
    _run("tests.load.growth", "--generations", "100", "200", "--table", str(table))
    _machine, seen = tables.read(table)
    assert seen.pop("generations") == [100, 200]
    assert all(value > 0 for column in seen.values() for value in column)


def _run(module: str, *arguments: str) -> str:
    """With a PostgreSQL of its own, whatever the tests run on."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT,
        env=environment, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr[-5000:]
    return done.stdout


def test_the_upstream_holds_what_it_is_told_to_and_sees_who_comes_twice() -> None:
    upstream = Upstream(1)
    upstream.answer("/hold", b"")
    job = _said(upstream, "/api/create_exterior/generate", webhook="http://one")["generation_id"]
    state = _said(upstream, "/api/create_exterior/get", generation_id=job)
    assert state["status"] == "PROCESSING"
    assert _said(upstream, "/book")["twice"] == 0
    _said(upstream, "/api/create_exterior/generate", webhook="http://one")
    assert _said(upstream, "/book")["twice"] == 1


def _said(upstream: Upstream, path: str, **fields: str) -> dict[str, object]:
    status, content = upstream.answer(path, json.dumps(fields).encode())
    assert status == 200
    return dict(json.loads(content))


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    tables.write(tmp_path / "t.tsv", [Sample(0.5, 3, 2, 1, 100.25, 200.0, 0.0)])
    machine, table = tables.read(tmp_path / "t.tsv")
    assert machine and table["in_flight"] == [2.0] and table["seconds"] == [0.5]
