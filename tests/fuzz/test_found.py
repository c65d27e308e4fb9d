"""What the fuzz has found, each with the answer that it has now."""

import pytest

from tests.conftest import Cast
from tests.v1.api import live

pytestmark = pytest.mark.django_db
LISTS = ["generations", "projects", "quota/entries", "members", "webhook-endpoints", "events"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "many", "", "\u0665"])
def test_a_limit_that_is_none_is_refused(alice: Cast, path: str, limit: str) -> None:
    """It was 50 or 100 without a word, and looked like the end of the list."""
    status, answer = live(alice).get(path, limit=limit)
    assert (status, answer["code"], answer["field"]) == (400, "invalid_input", "limit")


@pytest.mark.parametrize("path", LISTS)
def test_a_limit_within_bounds_is_taken(alice: Cast, path: str) -> None:
    for limit in (1, 10, 99, 100):
        assert live(alice).get(path, limit=limit)[0] == 200


@pytest.mark.parametrize("form", ["", "CSV", "json", "0"])
def test_another_format_of_the_ledger_is_refused(alice: Cast, form: str) -> None:
    status, answer = live(alice).get("quota/entries", format=form)
    assert (status, answer["field"]) == (400, "format")


@pytest.mark.parametrize("name", ["type", "subject_id", "since"])
def test_an_empty_filter_is_refused(alice: Cast, name: str) -> None:
    status, answer = live(alice).get("events", **{name: ""})
    assert (status, answer["field"]) == (400, name)
