"""A call of PHP's curl."""

from projects.reference.samples.literals import PHP
from projects.reference.samples.wish import Wish, lines


def php(wish: Wish) -> str:
    headers = [f'"{": ".join(wish.key_header)}" . getenv("PARTERRE_KEY"),']
    headers += [f'"{name}: {text}",' for name, text in wish.own_headers.items()]
    headers += ['"Content-Type: application/json",'] if wish.is_json else []
    options = [f'CURLOPT_CUSTOMREQUEST => "{wish.method}",'] if wish.method != "GET" else []
    options += [
        "CURLOPT_RETURNTRANSFER => true,",
        f"CURLOPT_HTTPHEADER => [\n{lines(headers, 4)}\n],",
    ]
    if wish.is_form:
        options.append(f"CURLOPT_POSTFIELDS => {_form(wish)},")
    elif wish.is_json:
        options.append(f"CURLOPT_POSTFIELDS => json_encode({PHP.shown(wish.body)}),")
    return (
        f'$call = curl_init("{wish.whole_url}");\n'
        f"curl_setopt_array($call, [\n{lines(options, 4)}\n]);\n"
        "$answer = json_decode(curl_exec($call), true);\n"
        "$status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);\n"
        'if ($status >= 300) throw new Exception($answer["detail"]);\n'
        "print_r($answer);"
    )


def _form(wish: Wish) -> str:
    fields = [
        f'"{name}" => ' + (f'new CURLFile("{text}")' if name == "file" else f'"{text}"')
        for name, text in (wish.body or {}).items()
    ]
    return f"[{', '.join(fields)}]"
