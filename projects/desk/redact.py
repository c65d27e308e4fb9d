"""What support may read of what machines wrote: facts, never what opens a door."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from integrations.iacrea.evidence import without_secret_paths

SECRET_NAME = re.compile(
    r"token|secret|api.?key|passw|signature|authori[sz]ation|cookie|credential", re.IGNORECASE
)
SECRET_VALUE = re.compile(r"\b(?:prt_(?:live|test)|whsec)_[\w+/=-]+|\bBearer\s+\S+", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")
# Part of a path that is no word: whoever has it may be let in. Our own ids open nothing.
LONG = re.compile(r"[\w:~.+=-]{24,}")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Of one text.
MOST_CHARACTERS = 2000


def shown(value: Any) -> str:
    """Facts as lines of text, redacted; "" for none."""
    if not value:
        return ""
    clean = tree(value)
    return clean if isinstance(clean, str) else json.dumps(clean, indent=2, ensure_ascii=False)


def tree(value: Any) -> Any:
    """The same facts, without what is secret by its name or by its look."""
    if isinstance(value, dict):
        return {name: _named(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [tree(each) for each in value]
    return text(value) if isinstance(value, str) else value


def text(words: str) -> str:
    words = without_secret_paths(words[:MOST_CHARACTERS])
    words = ADDRESS.sub(lambda found: address(found[0]), words)
    return SECRET_VALUE.sub(redacted(), words)


def address(url: str) -> str:
    """Where it leads, without what a signed or personal address lets one do there."""
    try:
        parts = urlsplit(without_secret_paths(url))
    except ValueError:
        return redacted()
    host = parts.netloc.rpartition("@")[2]
    query = f"?{redacted()}" if parts.query or parts.fragment else ""
    return f"{parts.scheme}://{host}{_path(parts.path)}{query}"


def redacted() -> str:
    return f"[{_('redacted')}]"


def _named(name: str, value: Any) -> Any:
    return redacted() if value and SECRET_NAME.search(str(name)) else tree(value)


def _path(path: str) -> str:
    return "/".join(_part(part) for part in path.split("/"))


def _part(part: str) -> str:
    return redacted() if LONG.fullmatch(part) and not ID.fullmatch(part) else part
