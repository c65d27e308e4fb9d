"""An agency's accent colour, made readable. Pure functions on "#rrggbb".

Luminance and contrast are WCAG 2.2's (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). Colours
are mixed in linear light, where luminance is a sum: what is needed is worked out, not searched
for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

HEX = re.compile(r"#[0-9a-f]{6}")
READABLE = 4.5  # WCAG 1.4.3, for text of any size
# The backgrounds of static/css/parterre.css and share.css: --page, and --card where it is nearer to
# the accent.
LIGHT_PAGE, DARK_PAGE = "#f6f5f0", "#1a221d"
ON_LIGHT, ON_DARK = "#ffffff", "#0e1711"  # text on the accent
TINTED_LIGHT, TINTED_DARK = 0.1, 0.04  # of the accent in a tint: words on it stay readable
HOVERED = 0.3  # of what is left to black, or to white

Linear = tuple[float, float, float]


@dataclass(frozen=True)
class Shades:
    """One accent on one kind of page: as text and fill, under the pointer, with text on it, and as
    a faint background."""

    accent: str
    hover: str
    on: str
    tint: str


def as_hex(text: str) -> str:
    """ "#rrggbb" of what a person or a colour picker gives; ValueError for all else."""
    colour = text.strip().lower()
    if re.fullmatch(r"#?[0-9a-f]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour.removeprefix("#"))
    colour = colour if colour.startswith("#") else f"#{colour}"
    if not HEX.fullmatch(colour):
        raise ValueError("a colour is # and six digits, such as #2c6a4b")
    return colour


def on_light(accent: str) -> Shades:
    """Darkened where it is too pale to be read."""
    tint = _mixed(LIGHT_PAGE, accent, TINTED_LIGHT, round)
    shown = darkened(accent, min(LIGHT_PAGE, tint, key=luminance))
    return Shades(shown, _mixed(shown, "#000000", HOVERED, floor), ON_LIGHT, tint)


def on_dark(accent: str) -> Shades:
    """Lightened where it is too dark to be read."""
    tint = _mixed(DARK_PAGE, accent, TINTED_DARK, round)
    shown = lightened(accent, max(DARK_PAGE, tint, key=luminance))
    return Shades(shown, _mixed(shown, "#ffffff", HOVERED, ceil), ON_DARK, tint)


def darkened(colour: str, page: str) -> str:
    """The colour, or what of it can be read on a light page."""
    if contrast(colour, page) >= READABLE:
        return colour
    most = (luminance(page) + 0.05) / READABLE - 0.05
    return _mixed(colour, "#000000", 1 - max(most, 0) / luminance(colour), floor)


def lightened(colour: str, page: str) -> str:
    """The colour, or as much of it with white as can be read on a dark page."""
    if contrast(colour, page) >= READABLE:
        return colour
    least = (luminance(page) + 0.05) * READABLE - 0.05
    share = (min(least, 1) - luminance(colour)) / (1 - luminance(colour))
    return _mixed(colour, "#ffffff", share, ceil)


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """From 0 to 1."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: str, other: str, share: float, to_whole: Callable[[float], int]) -> str:
    """With so much of the other in it; `to_whole` rounds to the side that keeps a promise."""
    pairs = zip(_linear(one), _linear(other), strict=True)
    channels = [to_whole(255 * _encoded(a + (b - a) * share)) for a, b in pairs]
    return "#" + "".join(f"{min(max(channel, 0), 255):02x}" for channel in channels)


def _linear(colour: str) -> Linear:
    red, green, blue = (_decoded(byte / 255) for byte in bytes.fromhex(colour[1:]))
    return red, green, blue


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
