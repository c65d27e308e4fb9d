"""The throw-away PostgreSQL of tests/postgres.py: there while it is used, gone afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import postgres

STARTER = [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-c"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def no_server_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def is_gone(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return True
    return False


def hear_ctrl_c() -> None:
    """What a shell starts in the background ignores it, and so do its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_it_answers_and_leaves_nothing() -> None:
    with postgres() as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_setting('data_directory'), 'Été' ILIKE 'éTÉ'"
        ).fetchone()
    assert row is not None
    folder, ignores_case_of_accents = row
    assert ignores_case_of_accents
    assert is_gone(url)
    assert not Path(folder).parent.exists()


def test_a_given_server_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/parterre")
    with postgres() as url:
        assert url == "postgres://db.example/parterre"


def test_the_commands_exit_code_is_kept() -> None:
    code = (
        "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'].startswith('postgres:') else 1)"
    )
    assert subprocess.run([*STARTER, code], cwd=ROOT).returncode == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_kill_stop_the_server_too(number: signal.Signals) -> None:
    code = "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    run = subprocess.Popen(
        [*STARTER, code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )
    assert run.stdout is not None
    url = run.stdout.readline().strip()
    if number == signal.SIGINT:  # the terminal sends Ctrl-C to the whole group
        os.killpg(run.pid, number)
    else:
        run.send_signal(number)
    run.communicate(timeout=120)  # a machine with much other work
    assert run.returncode == 128 + number
    assert is_gone(url)
