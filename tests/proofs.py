"""Tests that a page of docs/ names as proofs."""

import ast
import re

from deploy.tree import ROOT

NAMED = r"`(tests/[\w/]+\.py)::(\w+)`"


def named_in(page: str) -> list[tuple[str, str]]:
    """File and function, each once."""
    return sorted(set(re.findall(NAMED, page)))


def assert_exists(path: str, name: str) -> None:
    file = ROOT / path
    assert file.is_file(), path
    defined = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.FunctionDef)]
    assert name in {function.name for function in defined}
