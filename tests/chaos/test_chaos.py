"""A slice of the campaign (`make chaos` is the whole), and the harness itself."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.tree import ROOT
from tests.chaos import orders
from tests.chaos.__main__ import print_piece, run
from tests.chaos.failpoints import NAMES
from tests.chaos.mutants import MUTANTS, tree_with
from tests.chaos.piece import Plan

# Half of the failpoints at least: a slice has not the time to reach each.
ENOUGH = len(NAMES) // 2


@pytest.mark.processes
def test_a_slice_keeps_every_promise(capsys) -> None:
    result = run(Plan(seed=2, generations=200, each=1, strikes=3, over_s=45, rest_s=150))
    with capsys.disabled():
        print()
        print_piece(result)
        print(f"    {result.kills}")
    assert result.broken == []
    assert len(result.kills) >= ENOUGH, result.kills
    assert result.figures["succeeded"] > 50


def test_each_failpoint_is_still_there(tmp_path: Path) -> None:
    """A function of the product that was renamed is found here, not in an hour's campaign."""
    code = (
        "import django; django.setup(); from tests.chaos import failpoints, pace;"
        "failpoints.install(); pace.hurry()"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_still_fits(name: str, tmp_path: Path) -> None:
    tree_with(MUTANTS[name], tmp_path)
    changed = {file for file, _text, _other in MUTANTS[name].changes}
    for file in changed:
        compile((tmp_path / file).read_text(), file, "exec")
        assert (tmp_path / file).read_text() != (ROOT / file).read_text()


@pytest.mark.parametrize(("seconds", "number"), [(0, signal.SIGKILL), (5.0, signal.SIGSTOP)])
def test_an_order_is_obeyed_once(tmp_path: Path, seconds: float, number: int) -> None:
    orders.place(tmp_path, "F06", seconds)
    code = "from tests.chaos.orders import reach; reach('F05', 'a'); reach('F06', 'b')"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, orders.FOLDER: str(tmp_path)},
        )
        for _ in range(2)
    ]
    ends = sorted(_end(child) for child in children)
    assert ends == sorted([0, number])
    (hit,) = orders.hits(tmp_path)
    assert (hit.failpoint, hit.subject, hit.seconds) == ("F06", "b", seconds)
    assert json.loads((tmp_path / orders.HITS).read_text())["pid"] == hit.pid


def _end(child: "subprocess.Popen[bytes]") -> int:
    """0, or the signal that killed or stopped it."""
    _pid, status = os.waitpid(child.pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        child.kill()
        os.waitpid(child.pid, 0)
        child.returncode = 0
        return os.WSTOPSIG(status)
    child.returncode = 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
