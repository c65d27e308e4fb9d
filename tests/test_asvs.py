"""docs/asvs.tsv answers each requirement once, with tests that exist; docs/asvs.md counts them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from deploy import asvs
from deploy.tree import ROOT
from tests.proofs import assert_exists, named_in

PAGE = (ROOT / "docs/asvs.md").read_text()
THREATS = (ROOT / "docs/threat-model.md").read_text()
ROWS = asvs.lines(asvs.LIST)
GOOD = "tests/test_asvs.py::test_the_list_is_whole"
REASON = "There is none of that here."


def told(folder: Path, number: str, *answer: str) -> list[str]:
    """What is said of the list with another line for this requirement."""
    rows = [row if row[0] != number else [number, *answer] for row in ROWS]
    return written(folder, rows)


def written(folder: Path, rows: list[list[str]]) -> list[str]:
    path = folder / "asvs.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return asvs.complaints(path)


def test_the_list_is_whole() -> None:
    assert asvs.complaints() == [] and len(ROWS) == 1 + len(asvs.requirements()) == 254


@pytest.mark.parametrize("answer", [(GOOD, ""), ("", REASON), (f"{GOOD} {GOOD}", REASON)])
def test_an_answer_is_a_test_or_a_reason(tmp_path: Path, answer: tuple[str, str]) -> None:
    assert told(tmp_path, "1.2.6", *answer) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("", ""), "neither a proof nor a reason"),
        (("", "No LDAP here."), "fewer than 20 characters"),
        (("tests/nowhere.py::test_a",), "2 columns, not 3"),
        (("", REASON, "more"), "4 columns, not 3"),
        (("tests/nowhere.py::test_a", ""), "there is no test tests/nowhere.py::test_a"),
        (("tests/test_asvs.py::test_nothing", REASON), "::test_nothing"),
        ((f"{GOOD} tests/test_asvs.py::told", ""), "::told"),
        (("deploy/asvs.py::exists", ""), "deploy/asvs.py::exists"),
        (("tests/test_asvs.py", ""), "there is no test tests/test_asvs.py"),
    ],
)
def test_what_is_no_answer(tmp_path: Path, answer: tuple[str, ...], said: str) -> None:
    (complaint,) = told(tmp_path, "1.2.6", *answer)
    line = [row[0] for row in ROWS].index("1.2.6") + 1
    assert complaint.startswith(f"asvs.tsv:{line}: ") and said in complaint


def test_each_requirement_is_listed_once(tmp_path: Path) -> None:
    assert written(tmp_path, [*ROWS, ROWS[5]]) == [f"asvs.tsv: {ROWS[5][0]} is listed twice"]
    assert written(tmp_path, ROWS[:-1]) == ["asvs.tsv: 17.3.2 is missing"]
    (unknown,) = written(tmp_path, [*ROWS, ["1.2.10", "", REASON]])
    assert "1.2.10 is none of Levels 1 and 2" in unknown
    (turned,) = written(tmp_path, [*ROWS[:-2], ROWS[-1], ROWS[-2]])
    assert "not in their order" in turned


def test_the_first_line_names_the_columns(tmp_path: Path) -> None:
    assert "asvs.tsv:1: the columns are" in written(tmp_path, ROWS[1:])[0]
    assert "asvs.tsv:1: the columns are" in written(tmp_path, [])[0]


def test_a_reason_is_of_its_requirement() -> None:
    said = Counter(row[-1] for row in ROWS)
    assert [reason for reason, times in said.items() if times > 1] == []


def test_the_page_counts_and_names_what_is_open() -> None:
    counted = {kind: int(n) for kind, n in re.findall(r"^\| (\w+) \| (\d+) \|", PAGE, re.M)}
    assert counted == asvs.counts()
    named = re.findall(r"\b\d+\.\d+\.\d+\b", PAGE.partition("## What is open")[2])
    assert sorted(named) == sorted(row[0] for row in ROWS[1:] if asvs.kind_of(row) == "open")


@pytest.mark.parametrize(("path", "name"), named_in(THREATS), ids=str)
def test_each_test_of_the_threat_model_exists(path: str, name: str) -> None:
    assert_exists(path, name)
