"""docs/tables.md has every table, and says what ends its rows; what a sweep takes is old."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_q.models import Failure, OrmQ, Success, Task

from accounts import request_log
from accounts.models import ApiKey, ApiRequest
from deploy.tree import ROOT
from integrations.doors import queue
from projects import tasks
from tests.conftest import Cast
from tests.developers.pages import planted_call
from tests.proofs import assert_exists, named_in

PAGE = (ROOT / "docs/tables.md").read_text()
DAY = timedelta(days=1)


def listed() -> list[str]:
    """The tables in the first column of each row."""
    first = re.findall(r"^\| (`[^|]+`) \|", PAGE, re.M)
    return [name for cell in first for name in re.findall(r"`(\w+)`", cell)]


def test_every_table_is_listed_once() -> None:
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    cache = settings.CACHES["table"]["LOCATION"]
    others = {MigrationRecorder.Migration._meta.db_table, cache}
    assert Counter(listed()) == Counter(models | others)


@pytest.mark.parametrize(("path", "name"), named_in(PAGE), ids=str)
def test_each_proof_exists(path: str, name: str) -> None:
    assert_exists(path, name)


def test_what_is_swept_has_a_proof() -> None:
    rows = PAGE.partition("## Swept")[2].partition("## Grows")[0]
    swept = [line for line in rows.splitlines() if line.startswith("| `")]
    assert len(swept) > 10 and [row for row in swept if "::test_" not in row] == []


# --- The sweeps that are proven nowhere else


@pytest.mark.django_db
def test_sessions_that_ended_are_swept() -> None:
    now = timezone.now()
    for key, ends in (("ended", now - DAY / 24), ("lives", now + DAY / 24)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    tasks.sweep_messages()
    assert Session.objects.get().session_key == "lives"


def failed(name: str, days: float, *, success: bool = False) -> None:
    then = timezone.now() - days * DAY
    Task.objects.create(
        id=name, name=name, func="projects.tasks.sing", started=then, stopped=then, success=success
    )


@pytest.mark.django_db
def test_failures_of_tasks_are_swept() -> None:
    failed("old", 30.1)
    failed("young", 29.9)
    tasks.sweep_messages()
    assert Failure.objects.get().name == "young"
    assert queue.KEPT == 30 * DAY and not Success.objects.exists()


@pytest.mark.django_db
def test_the_cache_is_culled(settings: Any) -> None:
    call_command("createcachetable", verbosity=0)
    table = caches["table"]
    for number in range(400):
        table.set(f"key-{number}", number, 3600)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {settings.CACHES['table']['LOCATION']}")
        assert 100 < cursor.fetchone()[0] <= 301


@pytest.mark.django_db
def test_what_a_minute_does_not_end_is_queued(alice: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batches, and the minute is over after each."""
    key = ApiKey.objects.get(prefix=alice.api_key[:15])
    for hours in (1, 2):
        planted_call(key, called_at=timezone.now() - 30 * DAY - timedelta(hours=hours))
    monkeypatch.setattr(request_log, "SWEPT", 1)
    monkeypatch.setattr(tasks, "SWEEPS_FOR_S", -1)
    for left in (1, 0):
        tasks.sweep_photos()
        assert ApiRequest.objects.count() == left
    tasks.sweep_photos()
    queued = [row.task["func"] for row in OrmQ.objects.all()]
    assert queued == ["projects.tasks.sweep_photos"] * 2
