"""What reached the machine, for whoever has to prove it."""

from argparse import ArgumentParser
from pathlib import Path

import pytest
import requests

from integrations.emulator import journal, tools
from integrations.emulator.faults.rulebook import Rulebook
from integrations.emulator.machine import Machine
from integrations.emulator.settings import Settings, add_arguments
from integrations.emulator.store import Store
from tests.emulator.conftest import SetFaults
from tests.emulator.process import Client, Process


def test_a_submit_is_kept_with_its_key_and_its_user(client: Client, process: Process) -> None:
    generation_id = client.generate()
    entry = journal.read(process.state, call="generate")[-1]
    assert (entry.api_key, entry.user_id) == (client.api_key, client.user_id)
    assert entry.body == client.generation()
    assert (entry.method, entry.path) == ("POST", "/api/create_exterior/generate")
    assert (entry.status, entry.generation_id, entry.fault) == (200, generation_id, None)
    assert entry.at.endswith("Z")


def test_a_refused_request_is_kept(client: Client, process: Process) -> None:
    client.post("generate", {"user_id": "nobody"})
    entry = journal.read(process.state)[-1]
    assert (entry.status, entry.generation_id) == (400, None)


def test_an_answer_that_was_never_begun_has_no_status(
    client: Client, process: Process, faults: SetFaults
) -> None:
    faults({"call": "generate", "action": "reset", "accepted": True})
    with pytest.raises(requests.ConnectionError):
        client.generate()
    entry = journal.read(process.state, call="generate")[-1]
    assert (entry.status, entry.fault) == (None, "reset")
    assert client.get(str(entry.generation_id))["status"]


def test_over_http(client: Client, process: Process) -> None:
    url = f"{process.url}/_emulator/journal"
    last = journal.read(process.state)[-1].id if journal.read(process.state) else 0
    generation_id = client.generate()
    entries = requests.get(url, params={"call": "generate", "after": str(last)}, timeout=5).json()
    assert [entry["generation_id"] for entry in entries] == [generation_id]
    assert entries[0]["headers"]["x-api-key"] == client.api_key


def test_only_the_machine_itself_may_read_it(tmp_path: Path) -> None:
    settings = parsed("--state", str(tmp_path))
    machine = Machine(settings, Store(tmp_path), Rulebook(None))
    assert tools.answer(machine, "/_emulator/journal", "127.0.0.1").status == 200
    assert tools.answer(machine, "/_emulator/journal", "192.0.2.1").status == 404
    assert tools.answer(machine, "/healthz", "192.0.2.1").status == 200


def parsed(*flags: str) -> Settings:
    parser = ArgumentParser()
    add_arguments(parser)
    return Settings.from_options(vars(parser.parse_args(flags)))


def test_a_folder_without_a_machine_has_no_journal(tmp_path: Path) -> None:
    assert journal.read(tmp_path) == []
