"""Text as it is searched."""

import unicodedata

LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "’": "'"}


def plain(text: str) -> str:
    """As words are compared: without accents, capitals and doubled spaces. The databases would each
    do it differently."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = (LETTERS.get(c, c) for c in folded if not unicodedata.combining(c))
    words = "".join(letters).split()
    return " ".join("".join(filter(str.isprintable, word)) for word in words)
