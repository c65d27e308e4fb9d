"""A complaint, as it comes in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """`title` is for us; `sender` and `words` are all that the customer gives."""

    number: int
    title: str
    sender: str
    words: str
