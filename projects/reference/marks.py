"""Parts of the document as HTML: words, types, examples."""

import json
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

JsonObject = dict[str, Any]


def marked(text: Any) -> SafeString:
    """`code` between backticks, as in the document."""
    parts = str(escape(text)).split("`")
    shown = [f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts)]
    return mark_safe("".join(shown))  # noqa: S308  # each part is escaped


def pretty(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False) if example is not None else ""


def kind_of(schema: JsonObject) -> SafeString:
    """Its type for people: `uuid`, `integer`, one of a few words."""
    if "enum" in schema:
        return marked(" ".join(f"`{word}`" for word in schema["enum"] if word))
    if "items" in schema:
        return marked(_("list of") + " ") + kind_of(schema["items"])
    if name := name_of(schema):
        return mark_safe(f'<a href="#{escape(name)}">{escape(name)}</a>')  # noqa: S308
    word = schema.get("format") or schema.get("type", "object")
    reach = f" {schema['minimum']}–{schema['maximum']}" if "maximum" in schema else ""
    return marked((" | ".join(word) if isinstance(word, list) else word) + reach)


def name_of(schema: JsonObject) -> str:
    return str(schema.get("$ref", "")).removeprefix("#/components/schemas/")


def resolved(document: JsonObject, part: JsonObject) -> JsonObject:
    while "$ref" in part:
        _hash, _components, kind, name = part["$ref"].split("/")
        part = document["components"][kind][name]
    return part
