"""docs/contract.md: each row has its number and its proofs, and each test that it names exists."""

import re

import pytest

from deploy.tree import ROOT
from tests.proofs import NAMED, assert_exists, named_in

PAGE = (ROOT / "docs/contract.md").read_text()
ROWS = dict(re.findall(r"^\| ([WA]\d+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE))
DROP_IN, OUR_OWN = 45, 98


def test_each_fact_has_its_number() -> None:
    numbers = re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE)
    wire = [f"W{number + 1}" for number in range(DROP_IN)]
    assert numbers == wire + [f"A{number + 1}" for number in range(OUR_OWN)] == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_each_fact_has_a_test(row: str) -> None:
    for proof in ROWS[row].split("<br>"):
        assert re.fullmatch(NAMED, proof), proof


@pytest.mark.parametrize(("path", "name"), named_in(PAGE), ids=str)
def test_each_test_that_is_named_exists(path: str, name: str) -> None:
    assert_exists(path, name)


def test_the_readme_leads_here() -> None:
    assert "](docs/contract.md)" in (ROOT / "README.md").read_text()
