"""A call of fetch, in Node.js."""

from projects.reference.samples.literals import JSON
from projects.reference.samples.wish import Lines, Wish, lines


def javascript(wish: Wish) -> str:
    header, scheme = wish.key_header
    headers = [f'"{header}": `{scheme}${{process.env.PARTERRE_KEY}}`,']
    headers += [f'"{name}": "{text}",' for name, text in wish.own_headers.items()]
    headers += ['"Content-Type": "application/json",'] if wish.is_json else []
    options = [f'method: "{wish.method}",'] if wish.method != "GET" else []
    options += [f"headers: {{\n{lines(headers, 2)}\n}},"]
    options += ["body: form,"] if wish.is_form else []
    options += [f"body: JSON.stringify({JSON.shown(wish.body)}),"] if wish.is_json else []
    call = f'const answer = await fetch("{wish.whole_url}", {{\n{lines(options, 2)}\n}});'
    shown = "answer.status" if wish.method == "DELETE" else "await answer.json()"
    rows = [*(_form(wish) if wish.is_form else []), call]
    rows.append("if (!answer.ok) throw new Error((await answer.json()).detail);")
    return "\n".join([*rows, f"console.log({shown});"])


def _form(wish: Wish) -> Lines:
    rows = ['import { openAsBlob } from "node:fs";', "", "const form = new FormData();"]
    for name, text in (wish.body or {}).items():
        value = f'await openAsBlob("{text}"), "{text}"' if name == "file" else f'"{text}"'
        rows.append(f'form.append("{name}", {value});')
    return rows
