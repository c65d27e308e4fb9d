"""`python -m deploy.messages`: the French catalogue in step with the code; `--check` only judges.

English is in the code itself. GNU gettext is not on a fresh machine: babel reads and compiles here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from deploy.tree import ROOT, project_files

PO = ROOT / "locale/fr/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
FOLDERS = {"accounts", "config", "integrations", "projects", "templates"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")},
    "npgettext_lazy": DEFAULT_KEYWORDS["npgettext"],
    "gettext_noop": None,
}
# Nothing in it changes by itself, neither a date nor a version of babel.
HEADER = """\
Project-Id-Version: Parterre
Language: fr
Plural-Forms: nplurals=2; plural=(n > 1);
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
"""
COMMENT = "# Kept by `python -m deploy.messages`: translate msgstr, touch nothing else."
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")


class French(Catalog):
    def __init__(self) -> None:
        super().__init__(locale="fr", header_comment=COMMENT, fuzzy=False)

    def __iter__(self) -> Iterator[Message]:
        header, *messages = super().__iter__()
        header.string = HEADER
        yield from (header, *messages)


def main() -> int:
    if "--check" not in sys.argv[1:]:
        write(merged())
    complaints = list(problems())
    for complaint in complaints:
        print(complaint)
    print(f"messages: {f'{len(complaints)} to mend' if complaints else 'complete'}")
    return 1 if complaints else 0


def extracted() -> French:
    """What the code and the templates say, without translations."""
    catalogue = French()
    for path in project_files(".py", ".html", ".txt"):
        name = path.relative_to(ROOT)
        if name.parts[0] in FOLDERS:
            for number, text, _comments, context in extract("python", source(path), KEYWORDS):
                catalogue.add(text, locations=[(name.as_posix(), number)], context=context)
    return catalogue


def source(path: Path) -> BytesIO:
    """Python as it is, or the calls that Django makes of a template."""
    if path.suffix == ".py":
        return BytesIO(path.read_bytes())
    calls = templatize(path.read_text(), origin=str(path))
    # How a template is indented means nothing to Python's tokenizer.
    return BytesIO("\n".join(line.strip() for line in calls.splitlines()).encode())


def committed() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def merged() -> French:
    """What the code says, with the translations that there are."""
    catalogue, before = extracted(), committed() if PO.exists() else French()
    for message in entries(catalogue):
        known = before.get(message.id, message.context)
        if known and known.id == message.id:
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = known.user_comments
    return catalogue


def write(catalogue: French) -> None:
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False)
    MO.write_bytes(compiled(committed()))


def compiled(catalogue: Catalog) -> bytes:
    french, out = French(), BytesIO()
    for message in entries(catalogue):
        french.add(message.id, message.string, context=message.context, flags=message.flags)
    write_mo(out, french)
    return out.getvalue()


def problems() -> Iterator[str]:
    """Why the catalogue is not complete."""
    catalogue, code = committed(), extracted()
    yield from (f"missing: {name}" for name in sorted(names(code) - names(catalogue)))
    yield from (f"stale: {name}" for name in sorted(names(catalogue) - names(code)))
    for message in entries(catalogue):
        yield from (f"{fault}: {name_of(message)}" for fault in faults(message))
    if not MO.exists() or MO.read_bytes() != compiled(catalogue):
        yield f"stale: {MO.relative_to(ROOT)}"


def faults(message: Message) -> Iterator[str]:
    if not all(strings(message)):
        yield "untranslated"
    elif any(placeholders(text) != placeholders(plural(message)) for text in strings(message)):
        yield "other placeholders"
    if message.fuzzy:
        yield "fuzzy"


def entries(catalogue: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalogue if message.id]


def names(catalogue: Catalog) -> set[str]:
    return {name_of(message) for message in entries(catalogue)}


def name_of(message: Message) -> str:
    text = " | ".join(message.id) if message.pluralizable else message.id
    return f"({message.context}) {text}" if message.context else str(text)


def strings(message: Message) -> tuple[str, ...]:
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(text)


def plural(message: Message) -> str:
    return str(message.id[-1] if message.pluralizable else message.id)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


if __name__ == "__main__":
    sys.exit(main())
