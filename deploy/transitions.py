"""`python -m deploy.transitions`: the drawing in docs/lifecycle.md, made from the table in
projects/transitions.py; `--check` only judges."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from deploy.tree import ROOT
from projects.choices import TERMINAL, Status
from projects.transitions import ALL, Effect, Transition

DOCUMENT = ROOT / "docs/lifecycle.md"
BEGIN, END = "<!-- transitions: begin -->\n", "<!-- transitions: end -->\n"


def main(arguments: list[str]) -> int:
    text = DOCUMENT.read_text()
    drawn = with_drawing(text)
    if "--check" in arguments:
        if drawn != text:
            print("docs/lifecycle.md is not as the table: run python -m deploy.transitions")
        return int(drawn != text)
    DOCUMENT.write_text(drawn)
    return 0


def with_drawing(text: str) -> str:
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}{drawing()}{END}{after}"


def drawing() -> str:
    """A diagram, which code hosts draw, and the table that says what it means."""
    diagram = "".join(f"    {line}\n" for line in edges())
    return f"```mermaid\nstateDiagram-v2\n{diagram}```\n\n{table()}"


def edges() -> Iterator[str]:
    for row in ALL:
        for source in _sources(row) or ["[*]"]:
            if row.target:
                yield f"{source} --> {row.target.value}: {row.name}{_effect(row)}"
        if row.bears:
            yield f"[*] --> {row.bears.value}: {row.name} second, free"
    for status in Status:
        if status in TERMINAL:
            yield f"{status.value} --> [*]"


def table() -> str:
    lines = [
        f"| {row.name} | {' '.join(_sources(row)) or '-'} | {_to(row)} | {_evidence(row)}"
        f" | {row.effect.value} |\n"
        for row in ALL
    ]
    return "| | from | to | evidence | photos |\n|---|---|---|---|---|\n" + "".join(lines)


def _sources(row: Transition) -> list[str]:
    return [status.value for status in Status if status in row.sources]


def _evidence(row: Transition) -> str:
    return f"{row.evidence} (our own clock)" if row.by_clock else row.evidence


def _to(row: Transition) -> str:
    if row.bears:
        return f"stays; a second one is {row.bears.value}"
    target = row.target.value if row.target else "stays"
    return f"{target} `{row.failure_code}`" if row.failure_code else target


def _effect(row: Transition) -> str:
    return "" if row.effect is Effect.NONE else f" {row.effect.value}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
