"""What the machine took and gave back, for whoever compares it with what the client believes."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
import requests

from integrations.emulator import book, journal
from integrations.emulator.book import Charge
from integrations.emulator.store import DATABASE, Store
from tests.emulator.conftest import SetFaults
from tests.emulator.process import Client, Process, wait_for


def booked(process: Process, client: Client) -> list[Charge]:
    return [charge for charge in book.read(process.state) if charge.user_id == client.user_id]


def sums(process: Process, client: Client) -> list[tuple[int, int]]:
    return [(charge.charged, charge.refunded) for charge in booked(process, client)]


def test_a_job_and_its_free_variation(client: Client, process: Process) -> None:
    first = client.generate(webhook="http://127.0.0.1:1/hook")
    client.end(first)
    second = client.vary(first)
    client.end(second)
    one, two = booked(process, client)
    assert one.accepted_at and two.accepted_at and one.accepted_at < two.accepted_at
    hook, user_id = "http://127.0.0.1:1/hook", client.user_id
    assert [one, two] == [
        Charge(first, user_id, hook, None, "TERRACE", "SUCCEEDED", 1, 0, one.accepted_at),
        Charge(second, user_id, None, first, "POOL", "SUCCEEDED", 0, 0, two.accepted_at),
    ]


def test_a_failed_job_was_given_back(client: Client, process: Process, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail"})
    client.end(client.generate())
    assert sums(process, client) == [(1, 1)]


def test_a_job_that_nobody_heard_of(client: Client, process: Process, faults: SetFaults) -> None:
    faults({"call": "generate", "action": "reset", "accepted": True})
    with pytest.raises(requests.ConnectionError):
        client.generate()
    assert sums(process, client) == [(1, 0)]


def test_a_refused_job_is_not_there(client: Client, process: Process) -> None:
    client.post("generate", client.generation(width=0))
    assert booked(process, client) == []


def test_a_photo_that_is_kept(client: Client, process: Process, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail", "refund": False})
    client.end(client.generate())
    assert (sums(process, client), client.photos()) == ([(1, 0)], 99)


def test_a_photo_that_comes_back_late(client: Client, process: Process, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail", "seconds": 1})
    client.end(client.generate())
    assert client.photos() == 99
    wait_for(lambda: client.photos() == 100)
    assert sums(process, client) == [(1, 1)]


def test_a_photo_that_is_taken_at_the_end(late_payer: Client) -> None:
    mask = f"{late_payer.files}/inverted-mask.png"
    jobs = [late_payer.generate(mask_url=mask) for _ in range(2)]
    assert sorted(late_payer.end(job)["status"] for job in jobs) == ["FAILED", "SUCCEEDED"]
    assert sorted(sums(late_payer.process, late_payer)) == [(0, 0), (1, 0)]


def test_over_http(client: Client, process: Process) -> None:
    client.end(client.generate())
    told = requests.get(f"{process.url}/_emulator/book", timeout=5).json()
    assert told[-1] == asdict(booked(process, client)[-1])


def test_a_folder_without_a_machine_has_none(tmp_path: Path) -> None:
    assert book.read(tmp_path) == []


def test_a_state_of_an_older_version_opens(tmp_path: Path) -> None:
    """Its free jobs have no entry in the book, and its journal no index."""
    Store(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db, db:
        db.executescript(
            "DROP INDEX requests_call; INSERT INTO accounts VALUES (1, 'key', 'user', 9);"
            "INSERT INTO jobs (generation_id, account_id, project_id, room_type, image_url,"
            " origin, cost, status, step) VALUES ('g', 1, 'p', 'POOL', '', '', 0, 'FAILED', 'done')"
        )
    Store(tmp_path)
    assert book.read(tmp_path) == [Charge("g", "user", None, None, "POOL", "FAILED", 0, 0, None)]
    assert journal.read(tmp_path, call="generate") == []


def test_one_call_of_a_long_journal_is_found_by_an_index(tmp_path: Path) -> None:
    Store(tmp_path)
    query = "EXPLAIN QUERY PLAN SELECT * FROM requests WHERE id > 7 AND call = 'get' ORDER BY id"
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        plan = [row[-1] for row in db.execute(query)]
    assert plan == ["SEARCH requests USING INDEX requests_call (call=? AND id>?)"]
