"""A call of curl, in a POSIX shell."""

import shlex

from projects.reference.samples.literals import JSON
from projects.reference.samples.wish import Lines, Wish


def curl(wish: Wish) -> str:
    headers = [f'-H "{": ".join(wish.key_header)}$PARTERRE_KEY"']
    headers += [f"-H '{name}: {text}'" for name, text in wish.own_headers.items()]
    return " \\\n  ".join([f"curl {_verb(wish)}{_url(wish)}", *headers, *_body(wish)])


def _verb(wish: Wish) -> str:
    """A body makes a POST by itself."""
    is_plain = wish.method == "GET" or (wish.method == "POST" and wish.body is not None)
    return "" if is_plain else f"-X {wish.method} "


def _url(wish: Wish) -> str:
    return shlex.quote(wish.whole_url)


def _body(wish: Wish) -> Lines:
    if wish.is_form:
        fields = (wish.body or {}).items()
        return [f"-F {name}={'@' * (name == 'file')}{text}" for name, text in fields]
    if wish.is_json:
        return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(JSON.shown(wish.body))}"]
    return []
