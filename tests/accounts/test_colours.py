"""Whatever colour an agency chooses, its words can be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import colours
from accounts.colours import READABLE, contrast, luminance, on_dark, on_light

BYTES = st.integers(0, 255)
unhurried = settings(deadline=None)  # a loaded machine is no fault of a colour
COLOURS = st.builds("#{:02x}{:02x}{:02x}".format, BYTES, BYTES, BYTES)
LIGHT_BACKGROUNDS = ("#f6f5f0", "#fffefb", "#ffffff")
DARK_BACKGROUNDS = ("#121814", "#1a221d")


@unhurried
@given(COLOURS)
def test_on_light_pages_everything_can_be_read(accent: str) -> None:
    shades = on_light(accent)
    for shown in (shades.accent, shades.hover):
        for page in (*LIGHT_BACKGROUNDS, shades.tint, shades.on):
            assert contrast(shown, page) >= READABLE
    assert contrast("#55625a", shades.tint) >= READABLE, "soft words on the tint"


@unhurried
@given(COLOURS)
def test_on_dark_pages_everything_can_be_read(accent: str) -> None:
    shades = on_dark(accent)
    for shown in (shades.accent, shades.hover):
        for page in (*DARK_BACKGROUNDS, shades.tint, shades.on):
            assert contrast(shown, page) >= READABLE
    assert contrast("#a5b2a8", shades.tint) >= READABLE, "soft words on the tint"


@unhurried
@given(COLOURS)
def test_what_can_be_read_stays_as_it_is(accent: str) -> None:
    for shades, page in ((on_light(accent), "#f6f5f0"), (on_dark(accent), "#1a221d")):
        readable = min(contrast(accent, page), contrast(accent, shades.tint)) >= READABLE
        assert (shades.accent == accent) == readable


@unhurried
@given(COLOURS)
def test_no_more_is_changed_than_has_to_be(accent: str) -> None:
    """One step of one channel back, and it is too pale: of a colour that is not nearly black."""
    shades = on_light(accent)
    if shades.accent != accent:
        assert contrast(shades.accent, min(shades.tint, "#f6f5f0", key=luminance)) < READABLE + 0.2


@unhurried
@given(COLOURS, COLOURS)
def test_contrast_is_the_standards(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21
    assert contrast(one, one) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#2c6a4b", "#f6f5f0", 5.89)],
)
def test_known_contrasts(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("#2C6A4B", "#2c6a4b"), (" 2c6a4b ", "#2c6a4b"), ("#fa0", "#ffaa00"), ("fff", "#ffffff")],
)
def test_colours_as_people_type_them(typed: str, colour: str) -> None:
    assert colours.as_hex(typed) == colour


@pytest.mark.parametrize(
    "typed",
    ["", "#", "red", "#12345", "#1234567", "#gggggg", "#12345\n6", "#123456;}body{", "url(x)",
     "##123456", "rgb(1,2,3)", "#１２３４５６", "#123456 url(//x)"],
)  # fmt: skip
def test_no_colours(typed: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        colours.as_hex(typed)
