"""Dates as config/formats/ has them: the day first, 24 hours, in both languages."""

from datetime import datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", "3 novembre 2026, 09:05"), ("en", "3 November 2026, 09:05")],
)
def test_a_date_is_read_in_one_way_only(language: str, shown: str) -> None:
    with translation.override(language):
        at = datetime(2026, 11, 3, 9, 5)
        assert date_format(at, "DATETIME_FORMAT") == shown
        assert date_format(at, "DATE_FORMAT") == shown.partition(",")[0]
