"""Which requests a rule fires for."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.emulator.faults.rule import Subject
from integrations.emulator.faults.rulebook import Rulebook
from tests.emulator.conftest import SetFaults, replace
from tests.emulator.process import Client, wait_for

CREDIT = Subject("credit", "someone", None)
RESET, GARBAGE = {"action": "reset"}, {"action": "garbage"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "faults.json"


def played(path: Path, file: Any, count: int) -> str:
    """What so many requests meet: the first letter of each action, or a dot."""
    path.write_text(json.dumps(file))
    book = Rulebook(path)
    faults = [book.pick(CREDIT) for _ in range(count)]
    return "".join(fault.action[0] if fault else "." for fault in faults)


def rule(**when: Any) -> dict[str, Any]:
    return {"call": "credit", **RESET, **when}


def sequence(**when: Any) -> dict[str, Any]:
    return {"call": "credit", "sequence": [RESET, None, GARBAGE], **when}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule()], "rrrrrrrrr"),
        ([rule(nth=2)], ".r......."),
        ([rule(times=2)], "rr......."),
        ([rule(nth=2, times=3)], ".rrr....."),
        ([rule(every=3)], "r..r..r.."),
        ([rule(every=3, nth=2)], ".r..r..r."),
        ([rule(every=3, times=2)], "r..r....."),
        ([sequence()], "r.g......"),
        ([sequence(nth=3)], "..r.g...."),
        ([sequence(repeat=True)], "r.gr.gr.g"),
        ([sequence(times=2)], "r.gr.g..."),
        ([rule(every=2), {"call": "credit", **GARBAGE, "times": 2}], "rgrgr.r.r"),
    ],
)
def test_which_requests_it_fires_for(path: Path, rules: list[Any], expected: str) -> None:
    assert played(path, rules, 9) == expected


def test_a_rate_is_about_as_often(path: Path) -> None:
    assert 200 < played(path, [rule(rate=0.25)], 1000).count("r") < 300


def test_a_rate_is_the_same_for_the_same_seed(path: Path) -> None:
    files = [{"seed": seed, "rules": [rule(rate=0.5)]} for seed in (7, 7, 8)]
    first, again, other = (played(path, file, 100) for file in files)
    assert first == again != other


def test_two_rules_of_one_rate_differ(path: Path) -> None:
    """The second meets what the first let through, and has luck of its own."""
    both = played(path, [rule(rate=0.5), {"call": "credit", **GARBAGE, "rate": 0.5}], 1000)
    assert 180 < both.count("g") < 320 and both.count("g") + both.count("r") < 850


def test_a_limit_spares_so_many_in_a_second(path: Path) -> None:
    assert played(path, [rule(per_second=3)], 5) == "...rr"


def test_a_limit_forgets_after_a_second(path: Path) -> None:
    path.write_text(json.dumps([rule(per_second=2)]))
    book = Rulebook(path)
    assert [book.pick(CREDIT) is None for _ in range(3)] == [True, True, False]
    wait_for(lambda: book.pick(CREDIT) is None, within_s=5)


def test_what_a_sequence_did_can_be_asked(path: Path) -> None:
    path.write_text(json.dumps([sequence()]))
    book = Rulebook(path)
    for _ in range(5):
        book.pick(CREDIT)
    assert book.report()["rules"] == [{"rule": sequence(), "seen": 5, "fired": 2}]


def test_a_change_counts_anew(path: Path) -> None:
    replace(path, [rule(nth=1)])
    book = Rulebook(path)
    assert book.pick(CREDIT)
    replace(path, [rule(nth=1)])
    assert book.pick(CREDIT)


def test_over_the_wire(client: Client, faults: SetFaults) -> None:
    late = {"action": "status", "code": 503}
    faults({"call": "credit", "sequence": [late, None, late]})
    answers = [client.post("credit", {"user_id": client.user_id}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 200, 503, 200]


def test_a_job_that_cannot_be_read_yet(client: Client, faults: SetFaults) -> None:
    """A read-your-write lag: 404 for the first seconds of a job."""
    lag = {"call": "get", "action": "status", "code": 404, "younger_than": 2}
    faults(lag, {"call": "job", "action": "stuck"})
    generation_id = client.generate()
    body = {"user_id": client.user_id, "generation_id": generation_id}
    assert client.post("get", body).status_code == 404
    wait_for(lambda: client.post("get", body).status_code == 200, within_s=5)
