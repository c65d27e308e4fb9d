"""kill -9 around the commit of a create: the caller got no answer, and asks again."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from projects.models import Generation
from tests.conftest import Cast
from tests.projects.idempotent import KEY, counts, create, is_replayed
from tests.projects.test_dropin_refusals import GENERATE, body
from tests.stack import ROOT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]
# A web process for one call that dies before its key is stored, before or after its commit.
CALL = """
import json, os, signal, sys
import django
django.setup()
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

path, text, headers, moment = sys.argv[1:]
commit = BaseDatabaseWrapper.commit

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def commit_and_die(self):
    if moment == "after the commit":
        commit(self)
    die()

def die_at_the_key(execute, sql, *call):
    if moment == "before the key" and "accounts_idempotentanswer" in sql:
        die()
    return execute(sql, *call)

BaseDatabaseWrapper.commit = commit_and_die
with connection.execute_wrapper(die_at_the_key):
    Client().post(path, text, content_type="application/json", headers=json.loads(headers))
"""


def database_url() -> str:
    found: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    place = f"{found['HOST']}:{found['PORT']}/{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{place}"


def killed(cast: Cast, moment: str) -> None:
    text = json.dumps(body(cast))
    headers = json.dumps({**cast.headers, "idempotency-key": KEY})
    run = [sys.executable, "-c", CALL, GENERATE, text, headers, moment]
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == -signal.SIGKILL, result.stderr


@pytest.mark.parametrize("moment", ["before the key", "before the commit"])
def test_killed_before_the_commit_nothing_is_there(alice: Cast, moment: str) -> None:
    killed(alice, moment)
    assert counts(alice) == (0, 0, 0)
    answer = create(alice)
    assert answer.status_code == 200 and not is_replayed(answer)
    assert counts(alice) == (1, 1, 1)


def test_killed_after_the_commit_the_repeat_gets_the_same_job(alice: Cast) -> None:
    killed(alice, "after the commit")
    job = Generation.objects.get()
    answer = create(alice)
    assert is_replayed(answer) and answer.json()["generation_id"] == str(job.pk)
    assert counts(alice) == (1, 1, 1)
