"""docs/faults.md has a row for each fault, and each test that it names exists."""

import re

import pytest

from deploy.tree import ROOT
from tests.proofs import NAMED, assert_exists, named_in

PAGE = (ROOT / "docs/faults.md").read_text()
ROWS = dict(re.findall(r"^\| (C\d+) \| .+ \| .+ \| (.+) \|$", PAGE, re.MULTILINE))
# By what a row may be proven besides, and how it says what it lacks.
ELSEWHERE = ("`make chaos`, ", "`make bench`, ", "none: ")


def test_each_fault_has_one_row() -> None:
    numbers = re.findall(r"^\| C(\d+) \|", PAGE, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 85)] and len(ROWS) == 84


@pytest.mark.parametrize("row", ROWS)
def test_each_row_says_what_proves_it_or_what_it_lacks(row: str) -> None:
    for proof in ROWS[row].split("<br>"):
        assert proof.startswith(ELSEWHERE) or re.fullmatch(NAMED, proof), proof


def test_each_failpoint_is_one_of_the_list() -> None:
    used = set(re.findall(r"F\d\d", " ".join(ROWS.values())))
    assert used <= set(re.findall(r"\| (F\d\d) \|", PAGE))


@pytest.mark.parametrize(("path", "name"), named_in(PAGE), ids=str)
def test_each_test_that_is_named_exists(path: str, name: str) -> None:
    assert_exists(path, name)
