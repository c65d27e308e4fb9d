"""Whose turn it is among the jobs of the emulator."""

from pathlib import Path

import pytest

from integrations.emulator import jobs
from integrations.emulator.book import Account
from integrations.emulator.jobs import PROCESSING, SUCCEEDED, Move, Order
from integrations.emulator.store import Store


def order(name: str) -> Order:
    return Order(name, "p", None, "POOL", "http://127.0.0.1/p", None, 64, 64, None, "", 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_who_has_a_picture_is_told_before_others_are_drawn(store: Store) -> None:
    """Else the news of a picture would wait for all the drawings that were asked for before it."""
    with store.transaction() as db:
        db.execute("INSERT INTO accounts VALUES (1, 'key', 'user', 9)")
        for name in ("first", "second"):
            account = Account(1, "user", 9)
            jobs.add(db, order(name), account, job_fault=None, webhook_fault=None, wait=0)
        jobs.move(db, "first", Move(PROCESSING, "work", -60))
        jobs.move(db, "second", Move(SUCCEEDED, "ring", -1))
        turns = [jobs.claim_due(db) for _ in range(3)]
    assert [job and job.generation_id for job in turns] == ["second", "first", None]
