"""The worst thing on each picture, in one sentence of somebody who looked at it: judged.tsv, and
docs/screens/README.md made of it."""

from pathlib import Path
from typing import NamedTuple

from tests.screens.pictures import FOLDER, names, path_of

TABLE = Path(__file__).with_name("judged.tsv")
INDEX = FOLDER / "README.md"
HEAD = """\
# Every page, as it looks

Made by `make screens`, which also lets axe read each page in French and English, at 360 and 1280
pixels, in the light and in the dark. The scenes are in `tests/browser/scenes*.py`. Under each
picture stands the worst thing on it, and whether it was mended or is kept: the sentences are in
`tests/screens/judged.tsv`.
"""


class Judgement(NamedTuple):
    name: str
    verdict: str  # "mended" or "kept"
    worst: str


def judgements() -> dict[str, Judgement]:
    rows = [Judgement(*line.split("\t")) for line in TABLE.read_text().splitlines()]
    return {row.name: row for row in rows}


def write_index() -> list[str]:
    """The names of pictures that nobody has judged."""
    known = judgements()
    sections = [section(name, known.get(name)) for name in names() if path_of(name).exists()]
    INDEX.write_text("\n".join([HEAD, *sections]))
    return [name for name in names() if name not in known]


def section(name: str, judgement: Judgement | None) -> str:
    said = f"{judgement.verdict.capitalize()}: {judgement.worst}" if judgement else "Not looked at."
    return f"## {name}\n\n![{name}]({path_of(name).name})\n\n{said}\n"
