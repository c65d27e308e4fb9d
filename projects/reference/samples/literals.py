"""Values as each language writes them: a line for each field, lists of numbers in one line."""

import json
from dataclasses import dataclass
from textwrap import indent
from typing import Any


@dataclass(frozen=True)
class Style:
    brackets: str
    colon: str
    step: int
    last_comma: str
    words: dict[bool | None, str]

    def shown(self, value: Any) -> str:
        if isinstance(value, dict):
            rows = [f"{_text(key)}{self.colon}{self.shown(it)}" for key, it in value.items()]
            return self._block(self.brackets, rows)
        if isinstance(value, list):
            rows = [self.shown(it) for it in value]
            is_short = not any("\n" in row for row in rows)
            return f"[{', '.join(rows)}]" if is_short else self._block("[]", rows)
        return self.words[value] if value is None or isinstance(value, bool) else _text(value)

    def _block(self, brackets: str, rows: list[str]) -> str:
        if not rows:
            return brackets
        text = indent(",\n".join(rows) + self.last_comma, " " * self.step)
        return f"{brackets[0]}\n{text}\n{brackets[1]}"


AS_JSON = {True: "true", False: "false", None: "null"}
JSON = Style("{}", ": ", 2, "", AS_JSON)
PYTHON = Style("{}", ": ", 4, ",", {True: "True", False: "False", None: "None"})
PHP = Style("[]", " => ", 4, ",", AS_JSON)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
