"""The drawing in docs/lifecycle.md is the table's: `python -m deploy.transitions` mends it."""

from deploy import transitions


def test_the_document_shows_the_table() -> None:
    text = transitions.DOCUMENT.read_text()
    assert transitions.with_drawing(text) == text
