"""Names that strangers chose, in a sentence of ours."""

import unicodedata

SUBJECT_NAME, LINE_NAME = 60, 120
# Joins the parts of an emoji.
ZERO_WIDTH_JOINER = "\u200d"


def one_line(text: str, most: int = LINE_NAME) -> str:
    """Without line ends, control characters and marks that turn the direction of writing, and at
    most `most` characters: safe in the subject of a mail and in front of other words."""
    words = " ".join("".join(_readable(c) for c in text).split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _readable(character: str) -> str:
    if character == ZERO_WIDTH_JOINER:
        return character
    if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        return " "
    return "" if unicodedata.category(character)[0] == "C" else character
