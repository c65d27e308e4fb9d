"""Children start, come back when they die, and end with all that they started."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.supervise import Process, Supervisor

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
# Deaf to SIGTERM, with a child of its own that is as deaf.
DEAF = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print(os.fork(), flush=True); time.sleep(60)"
)


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """The signals of this test run are given back afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, and stays so
    made = Supervisor()
    made.catch_signals()
    yield made
    made.before_stop = lambda: None
    made.stop(within_s=0)
    for number, handler in before.items():
        signal.signal(number, handler)


def child(folder: Path, code: str) -> Process:
    return Process("child", [sys.executable, "-c", code], folder / "log" / "child.log")


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def said(process: Process) -> list[str]:
    return process.log.read_text().splitlines()


def is_there(number: int) -> bool:
    """Alive, and not merely waiting to be collected."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_deaf_child_and_its_own_child_are_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    deaf = child(tmp_path, DEAF)
    supervisor.start(deaf)
    until(lambda: len(said(deaf)) == 2)
    supervisor.stop(within_s=0.3)
    assert not deaf.is_running
    grandchild = max(int(line) for line in said(deaf))
    until(lambda: not is_there(grandchild))


def test_a_child_that_dies_is_started_again(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mortal = child(tmp_path, "print('up')")
    supervisor.start(mortal)
    # The bell rings at the second start.
    ring = f"import os; print('up', flush=True); os.kill({os.getpid()}, 15)"
    mortal.argv = [sys.executable, "-c", ring]
    until(lambda: supervisor.dead() is mortal)
    supervisor.run()
    assert supervisor.stopping
    assert said(mortal) == ["up", "up"]
    assert "child ended; starting it again" in capsys.readouterr().out


def test_what_a_dead_child_started_ends_before_the_next(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """Workers that outlive their master would go on beside the new ones, and after a stop."""
    fork = "import os, time; number = os.fork(); print(number) if number else time.sleep(60)"
    mortal = child(tmp_path, fork)
    supervisor.start(mortal)
    mortal.argv = [sys.executable, "-c", f"import os; os.kill({os.getpid()}, 15)"]
    until(lambda: supervisor.dead() is mortal)
    orphan = int(said(mortal)[0])
    assert is_there(orphan)
    supervisor.run()
    until(lambda: not is_there(orphan))


def test_children_end_also_when_the_last_words_fail(supervisor: Supervisor, tmp_path: Path) -> None:
    sleeper = child(tmp_path, SLEEPS)
    supervisor.start(sleeper)

    def fails() -> None:
        raise RuntimeError("the database is gone")

    supervisor.before_stop = fails
    with pytest.raises(RuntimeError):
        supervisor.stop()
    assert not sleeper.is_running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_long_work_and_waits_elsewhere(
    supervisor: Supervisor, number: signal.Signals
) -> None:
    with pytest.raises(KeyboardInterrupt), supervisor.interruptible():
        signal.raise_signal(number)
    signal.raise_signal(number)
    assert supervisor.stopping
    with pytest.raises(KeyboardInterrupt), supervisor.interruptible():
        pytest.fail("the work began all the same")
