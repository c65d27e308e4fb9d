"""A notification as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Facts = Mapping[str, str]


@dataclass(frozen=True)
class Notice:
    """`title` is one line, and the subject of the mail; `path` is a page of ours with what it is
    about, or "", and `action` the words of its link."""

    title: str
    lines: list[str] = field(default_factory=list)
    path: str = ""
    action: str = ""
