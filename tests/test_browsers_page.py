"""docs/browsers.md and docs/performance.md name tests that are there."""

import pytest

from deploy.tree import ROOT
from tests.proofs import assert_exists, named_in

PAGES = "".join((ROOT / "docs" / name).read_text() for name in ("browsers.md", "performance.md"))


@pytest.mark.parametrize(("path", "name"), named_in(PAGES), ids=str)
def test_the_test_is_there(path: str, name: str) -> None:
    assert_exists(path, name)
