"""For the tests of the desk."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english() -> Iterator[None]:
    """Words that are asked for without a page are English ones."""
    with translation.override("en"):
        yield
