"""A call with the library requests."""

import json

from projects.reference.samples.literals import PYTHON
from projects.reference.samples.wish import Lines, Wish, lines


def python(wish: Wish) -> str:
    arguments = [f'"{wish.url}",', *_headers(wish)]
    if wish.query:
        arguments.append(f"params={json.dumps(wish.query)},")
    if wish.is_form:
        arguments += _form(wish)
    elif wish.is_json:
        arguments.append(f"json={PYTHON.shown(wish.body)},")
    arguments.append("timeout=30,")
    call = f"answer = requests.{wish.method.lower()}(\n{lines(arguments, 4)}\n)"
    shown = "print(answer.status_code)" if wish.method == "DELETE" else "print(answer.json())"
    return f"import os\n\nimport requests\n\n{call}\nanswer.raise_for_status()\n{shown}"


def _headers(wish: Wish) -> Lines:
    header, scheme = wish.key_header
    key = "os.environ['PARTERRE_KEY']"
    told = f'f"{scheme}{{{key}}}"' if scheme else key.replace("'", '"')
    headers = {header: told, **{name: f'"{text}"' for name, text in wish.own_headers.items()}}
    rows = [f'"{name}": {text}' for name, text in headers.items()]
    if len(rows) == 1:
        return [f"headers={{{rows[0]}}},"]
    return ["headers={", *(f"    {row}," for row in rows), "},"]


def _form(wish: Wish) -> Lines:
    fields = {name: text for name, text in (wish.body or {}).items() if name != "file"}
    return [f"data={json.dumps(fields)},", f'files={{"file": open("{wish.file}", "rb")}},']
