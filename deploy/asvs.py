"""docs/asvs.tsv, which answers each requirement of OWASP's ASVS 5.0 at Levels 1 and 2 with tests
that prove it or with a reason: what `make lint` complains of, and the counts in docs/asvs.md."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from deploy.tree import ROOT

LIST = ROOT / "docs/asvs.tsv"
COLUMNS = ["requirement", "proof", "reason"]
LEAST = 20  # characters of a reason
# Sections, and how many requirements of Levels 1 and 2 each has, counted from 1.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1
4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2
7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2
10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""


def counts(path: Path = LIST) -> Counter[str]:
    """How many requirements are proven, answered by a reason alone, and open."""
    return Counter(kind_of(columns) for columns in lines(path)[1:])


def kind_of(columns: list[str]) -> str:
    if columns[-1].startswith("open: "):
        return "open"
    return "proof" if columns[1] else "reason"


def complaints(path: Path = LIST) -> list[str]:
    """What is wrong with the list, a line for each; empty: nothing."""
    rows = lines(path)
    found = [f"{path.name}:1: the columns are {COLUMNS}"] if rows[:1] != [COLUMNS] else []
    for number, columns in enumerate(rows[1:], 2):
        found += [f"{path.name}:{number}: {wrong}" for wrong in wrong_with(columns)]
    listed = [columns[0] for columns in rows[1:]]
    return found + [f"{path.name}: {wrong}" for wrong in miscounted(listed)]


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text().splitlines()]


def wrong_with(columns: list[str]) -> Iterator[str]:
    if len(columns) != len(COLUMNS):
        yield f"{len(columns)} columns, not {len(COLUMNS)}"
        return
    _requirement, proof, reason = columns
    if not (proof or reason):
        yield "neither a proof nor a reason"
    if 0 < len(reason) < LEAST:
        yield f"a reason of fewer than {LEAST} characters"
    yield from (f"there is no test {test}" for test in proof.split() if not exists(test))


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    is_test = path.startswith("tests/") and name.startswith("test_")
    return is_test and (ROOT / path).is_file() and name in functions(ROOT / path)


@cache
def functions(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def miscounted(listed: list[str]) -> Iterator[str]:
    wanted, once = requirements(), list(dict.fromkeys(listed))
    yield from (f"{number} is listed twice" for number, n in Counter(listed).items() if n > 1)
    yield from (f"{number} is missing" for number in wanted if number not in once)
    yield from (f"{number} is none of Levels 1 and 2" for number in once if number not in wanted)
    if sorted(once) == sorted(wanted) and once != wanted:
        yield "the requirements are not in their order"


def requirements() -> list[str]:
    pairs = (pair.split(":") for pair in SECTIONS.split())
    return [f"{section}.{n}" for section, most in pairs for n in range(1, int(most) + 1)]
