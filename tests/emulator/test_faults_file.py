"""The faults file: judged in full, read again while the machine runs, and complete."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.emulator.answers import PLAYS
from integrations.emulator.faults.catalogue import (
    ACTIONS,
    ANSWERS,
    FILE,
    OPTIONS,
    SEQUENCE,
    SINGLE,
)
from integrations.emulator.faults.fault import Fault, fault_json, parse_fault
from integrations.emulator.faults.file import FaultsError, parse_file
from integrations.emulator.faults.rulebook import Rulebook
from tests.emulator.conftest import SetFaults, replace
from tests.emulator.process import ROOT, Client, Process, run_refused, wait_for

WRONG = [
    ("{", "not JSON"),
    ("7", "must be a JSON list"),
    ("{}", 'with a list of "rules"'),
    ('{"rules": {}}', 'with a list of "rules"'),
    ('{"rules": [], "sed": 7}', 'the file: it takes no "sed"'),
    ('{"rules": [], "seed": "7"}', '"seed" must be a whole number'),
    ('{"rules": [], "picture": "quick"}', '"picture" must be "drawn" or "canned"'),
    ("[7]", "rule 1 must be an object"),
    ('[{"action": "fail"}]', 'rule 1: "call" is null'),
    ('[{"call": "jobs", "action": "fail"}]', '"call" is "jobs", not one of generate'),
    ('[{"call": "job", "action": "explode"}]', '"action" is "explode", not one of slow, fail'),
    ('[{"call": "get", "action": "fail"}]', '"action" is "fail", not one of status'),
    ('[{"call": "job", "action": "stuck", "seconds": 1}]', 'it takes no "seconds"'),
    ('[{"call": "job", "action": "slow"}]', '"seconds" is missing'),
    ('[{"call": "job", "action": "slow", "seconds": "1"}]', '"seconds" must be a number'),
    ('[{"call": "job", "action": "slow", "seconds": NaN}]', '"seconds" must be a number'),
    ('[{"call": "job", "action": "fail", "nth": 0}]', '"nth" must be a whole number'),
    ('[{"call": "job", "action": "fail", "times": true}]', '"times" must be a whole number'),
    ('[{"call": "job", "action": "fail", "every": 1}]', '"every" must be a whole number, 2'),
    ('[{"call": "job", "action": "fail", "rate": 0}]', '"rate" must be a number above 0'),
    ('[{"call": "job", "action": "fail", "rate": 1.1}]', '"rate" must be a number above 0'),
    ('[{"call": "job", "action": "fail", "repeat": true}]', 'it takes no "repeat"'),
    ('[{"call": "job", "sequence": []}]', '"sequence" must be a list with something'),
    ('[{"call": "job", "sequence": [null], "every": 2}]', 'it takes no "every"'),
    ('[{"call": "job", "sequence": [null], "action": "fail"}]', 'it takes no "action"'),
    ('[{"call": "job", "sequence": [{}]}]', 'step 1: "action" is null'),
    ('[{"call": "job", "sequence": [null, 7]}]', "rule 1, step 2 must be an object, or null"),
    ('[{"call": "job", "sequence": [{"action": "reset"}]}]', 'step 1: "action" is "reset"'),
    ('[{"call": "job", "sequence": [{"action": "fail", "nth": 2}]}]', 'it takes no "nth"'),
    ('[{"call": "get", "action": "status", "code": 99}]', '"code" must be a status'),
    (
        '[{"call": "get", "action": "status", "code": 500, "headers": {"Retry-After": 1}}]',
        "strings",
    ),
    ('[{"call": "get", "action": "reset"}, {"call": "get", "action": "reset", "x": 1}]', "rule 2"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(FaultsError) as raised:
        parse_file(text)
    assert words in str(raised.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="No such file"):
        Rulebook(tmp_path / "faults.json")


def test_a_file_that_cannot_be_used_ends_the_start(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text("{")
    code, words = run_refused(tmp_path / "state", "--faults", str(path))
    assert code == 2
    assert words.count("\n") == 1 and str(path) in words


def test_a_rule_for_someone_else_does_nothing(client: Client, faults: SetFaults) -> None:
    faults({"call": "credit", "action": "reset", "user_id": "somebody else"})
    assert client.photos() == 100


def test_a_room_type_is_known_after_the_submit_too(client: Client, faults: SetFaults) -> None:
    pool, terrace = client.generate(room_type="POOL"), client.generate()
    url = client.end(pool)["urls"][0]
    faults(
        {"call": "get", "action": "set", "fields": {"status": "X"}, "room_type": "POOL"},
        {"call": "result", "action": "status", "code": 403, "room_type": "POOL"},
    )
    assert client.get(pool)["status"] == "X"
    assert client.get(terrace)["status"] != "X"
    assert requests.get(url, timeout=5).status_code == 403


def test_what_fired_can_be_asked(client: Client, process: Process, faults: SetFaults) -> None:
    faults({"call": "credit", "action": "status", "code": 503, "nth": 2})
    for _ in range(3):
        client.post("credit", {"user_id": client.user_id})
    report = requests.get(f"{process.url}/_emulator/faults", timeout=5).json()
    rule = {"call": "credit", "action": "status", "code": 503, "nth": 2, "user_id": client.user_id}
    assert report == {"rules": [{"rule": rule, "seen": 3, "fired": 1}], "error": None}


def test_a_malformed_change_keeps_the_rules_and_is_told(
    client: Client, process: Process, faults: SetFaults
) -> None:
    faults({"call": "credit", "action": "status", "code": 503})
    body = {"user_id": client.user_id}
    assert client.post("credit", body).status_code == 503
    replace(process.state.parent / "faults.json", {"no": "rules"})
    assert client.post("credit", body).status_code == 503
    report = requests.get(f"{process.url}/_emulator/faults", timeout=5).json()
    assert "must be a JSON list" in report["error"]
    wait_for(lambda: any("must be a JSON list" in line for line in process.log))
    faults()
    assert client.photos() == 100


def test_a_fault_survives_being_kept_in_a_row() -> None:
    fault = Fault("webhook", "send", method="PUT", headers={"X": "1"}, body=[None])
    assert parse_fault(fault_json(fault)) == fault


def test_a_row_of_an_older_version_is_still_understood() -> None:
    text = '{"call": "job", "action": "slow", "seconds": 2.5, "nth": 3, "user_id": "someone"}'
    assert parse_fault(text) == Fault("job", "slow", seconds=2.5)


def test_each_action_of_an_answer_is_played() -> None:
    assert set(PLAYS) == {name for name, action in ACTIONS.items() if {*ANSWERS} & {*action.calls}}


def test_each_option_has_a_kind() -> None:
    named: set[Any] = {option for action in ACTIONS.values() for option in action.options}
    assert named | {*FILE, *SINGLE, *SEQUENCE} == {*OPTIONS, "rules"}


def test_the_page_names_each_action_and_its_example_holds() -> None:
    page = (ROOT / "docs" / "emulator.md").read_text()
    assert [name for name in ACTIONS if f"`{name}`" not in page] == []
    examples = [part.split("```")[0] for part in page.split("```json")[1:]]
    files = [parse_file(example) for example in examples]
    assert len(files[0].rules) == len(json.loads(examples[0])) > 2
    assert files[1].seed and files[1].picture == "canned"
