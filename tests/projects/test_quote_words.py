"""What a quote makes of typed words: amounts, letters that no typeface has, lines."""

from decimal import Decimal

import pytest
from django.utils import translation

from projects.quote.amounts import euros, read_amount, set_alike
from projects.quote.words import clean, one_line, shortened, wrapped

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
LATIN = {*range(0x20, 0x180), ord("—"), ord("’"), 0xFFFD, 0x301, 0xAD}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1234", "1234"),
        ("1 234 €", "1234"),
        (f"1{THIN}234{NBSP}€", "1234"),
        ("1 234,50 €", "1234.50"),
        ("€1,234.50", "1234.50"),
        ("€ 1,234", "1234"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1’234", "1234"),
        ("0,5", "0.5"),
        ("1 234 567,89 EUR", "1234567.89"),
        ("300 euros", "300"),
        ("-500", "-500"),
        ("− 500 €", "-500"),
    ],
)
def test_amounts_that_are_numbers(typed: str, meant: str) -> None:
    assert read_amount(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "offert",
        "12 34",
        "1 234 CHF",
        "1 234 € HT",
        "1,234.567",
        "1e9",
        "٣٤",
        "9" * 13,
        "--5",
        "€",
    ],
)
def test_amounts_that_are_none(typed: str) -> None:
    assert read_amount(typed) is None


def test_amounts_as_each_language_sets_them() -> None:
    with translation.override("fr"):
        assert euros(Decimal(1234)) == f"1{NBSP}234{NBSP}€"
        assert euros(Decimal("-0.5")) == f"−0,50{NBSP}€"
    with translation.override("en"):
        assert euros(Decimal(1234)) == "€1,234"
        assert euros(Decimal("-1234567.5")) == "−€1,234,567.50"


def test_all_with_cents_or_none_and_a_total_of_two() -> None:
    with translation.override("en"):
        assert set_alike(["1234", "", "0,5"]) == (["€1,234.00", "", "€0.50"], "€1,234.50")
        assert set_alike(["1", "2"]) == (["€1", "€2"], "€3")
        assert set_alike(["1", "offert"]) == (["€1", "offert"], "")
        assert set_alike(["1"]) == (["€1"], "")


@pytest.mark.parametrize(
    ("typed", "is_set"),
    [
        ("Zoé 🏡👨‍👩‍👧!", "Zoé !"),
        ("e\N{COMBINING ACUTE ACCENT}té", "été"),
        ("Z\u0338\u0361a\u0334", "Za"),
        ("\u202eabc\u200b\x00\x07\x7f\ufeff", "abc"),
        ("花園 שלום", "\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd"),
        (f"1{THIN}234{NBSP}€", f"1{NBSP}234{NBSP}"),
        ("rendez\N{NON-BREAKING HYPHEN}vous\N{SOFT HYPHEN}", "rendez-vous"),
        ("a\r\nb\rc\td\u2028e", "a\nb\nc d\ne"),
    ],
)
def test_letters(typed: str, is_set: str) -> None:
    assert clean(typed, LATIN) == is_set


def test_one_line() -> None:
    assert one_line(f" a\n\n b{NBSP}c 🏡 ", LATIN) == f"a b{NBSP}c"


def test_lines_break_at_plain_spaces_only() -> None:
    assert wrapped(f"aa bb{NBSP}cc dd\n\nee", 5, len) == ["aa", f"bb{NBSP}cc", "dd", "", "ee"]


def test_a_word_that_is_wider_than_a_line_is_cut() -> None:
    assert wrapped("ab cdefghijkl m", 4, len) == ["ab", "cdef", "ghij", "kl m"]
    assert wrapped("ab", 0.5, len) == ["a", "b"], "one letter at least, however narrow"


def test_what_is_too_much_ends_with_three_dots() -> None:
    assert shortened(["aaaa", "bbbb", "c"], 2, 4, len) == ["aaaa", "bbb…"]
    assert shortened(["aaaa", "bbbb"], 2, 4, len) == ["aaaa", "bbbb"]
