"""The five legal pages: the operator's own texts from files, or what the software knows by itself.

A text is plain: paragraphs between blank lines, `# ` before a heading. Whatever else is in it is
shown as it was typed.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# In the order of the footer; the address of a page is the name of its file.
PAGES = ("mentions-legales", "conditions", "confidentialite", "sous-traitants", "accessibilite")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MOST_BYTES = 500_000


@dataclass(frozen=True)
class Block:
    text: str
    is_heading: bool = False


@dataclass(frozen=True)
class OwnText:
    language: str
    blocks: list[Block]


def own_text(page: str, language: str) -> OwnText | None:
    """In the reader's language, else in another that there is; None: the operator wrote none."""
    for code in (language, *LANGUAGES):
        if blocks := _read(page, code):
            return OwnText(code, blocks)
    return None


def blocks_of(text: str) -> list[Block]:
    parts = (part.strip() for part in _unix(text).split("\n\n"))
    return [block for part in parts if part for block in _part(part)]


def _part(part: str) -> list[Block]:
    """A heading may stand on its paragraph without a blank line between them."""
    first, _, rest = part.partition("\n")
    if not first.startswith("# "):
        return [Block(part)]
    heading = Block(first.removeprefix("# ").strip(), is_heading=True)
    return [heading, *(blocks_of(rest) if rest.strip() else [])]


def _unix(text: str) -> str:
    """Lines that look blank are; Windows' ends are ends."""
    return "\n".join(line.rstrip() for line in text.removeprefix("\ufeff").splitlines())


def _read(page: str, language: str) -> list[Block]:
    if settings.LEGAL_DIR is None or page not in PAGES:
        return []
    path = Path(settings.LEGAL_DIR) / f"{page}.{language}.txt"
    try:
        seen = path.stat()
    except FileNotFoundError:
        return []
    return _parsed(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=len(PAGES) * len(LANGUAGES))
def _parsed(path: Path, _changed: int, _size: int) -> list[Block]:
    """Once for each change of the file."""
    with path.open("rb") as file:
        return blocks_of(file.read(MOST_BYTES).decode(errors="replace"))
