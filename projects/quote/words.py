"""Text that somebody typed, as a typeface with few letters can set it, in lines of a width."""

import unicodedata
from collections.abc import Callable, Container, Iterator

# What the typeface lacks and another letter says as well.
ALIKE = str.maketrans(
    {
        "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\t": " ",
        "\r": "\n",
        "\N{LINE SEPARATOR}": "\n",
        "\N{PARAGRAPH SEPARATOR}": "\n",
    }
)
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def clean(text: str, known: Container[int]) -> str:
    """Only characters of `known` code points, and ends of lines. A letter or digit that is none of
    them leaves a sign in its place; emoji, loose accents and what cannot be seen leave nothing."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(ALIKE)
    return "".join(_set(letter, known) for letter in composed)


def one_line(text: str, known: Container[int]) -> str:
    words = clean(text, known).replace("\n", " ").split(" ")
    return " ".join(filter(None, words))


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than `width`, broken at spaces that may break; a word that is wider than a
    line is cut."""
    return [line for part in text.split("\n") for line in _lines(part, width, measure)]


def shortened(
    lines: list[str], most: int, width: float, measure: Callable[[str], float]
) -> list[str]:
    """The first `most`; the last of them ends with "…" where more came."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and measure(last + "…") > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


def _set(letter: str, known: Container[int]) -> str:
    kind = unicodedata.category(letter)
    if letter == "\n" or (ord(letter) in known and kind[0] not in "CM"):
        return letter
    return UNKNOWN if kind[0] in "LN" else ""


def _lines(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line = ""
    for word in _words(text, width, measure):
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > width:
            yield line
            longer = word
        line = longer
    yield line


def _words(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for word in filter(None, text.split(" ")):
        while measure(word) > width and len(word) > 1:
            fits = _fitting(word, width, measure)
            yield word[:fits]
            word = word[fits:]
        yield word


def _fitting(word: str, width: float, measure: Callable[[str], float]) -> int:
    """How many of its first letters are no wider, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(word[:middle]) <= width else (low, middle - 1)
    return low
