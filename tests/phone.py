"""What a person does with what the demo prints: sign in with a browser, paste the curl line.

`python -m tests.phone URL PASSWORD CURL_LINE` does it from another machine.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urljoin

import requests

ALICE = "alice@parterre.example"
PICTURE_S = 60


def main(url: str, password: str, line: str) -> None:
    print(sign_in(url, password))
    print(len(picture(line)), "bytes of PNG")


def sign_in(url: str, password: str) -> str:
    """The page behind the form, with every style, script and picture of both."""
    with browser() as session:
        page = opened(session, url)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.text
        fields = {"login": ALICE, "password": password, "csrfmiddlewaretoken": token[1]}
        # A browser says where the form was; behind a wrong address Django refuses it.
        headers = {"Origin": url, "Referer": page.url}
        inside = session.post(page.url, data=fields, headers=headers, timeout=30)
        assert inside.url != page.url and inside.status_code == 200, inside.text
        return opened(session, inside.url).text


def browser() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy stands between the two
    return session


def opened(session: requests.Session, url: str) -> requests.Response:
    page = session.get(url, timeout=30)
    assert page.status_code == 200, page.text
    static = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert any(name.endswith(".css") for name in static), page.text
    for name in static:
        assert session.get(urljoin(url, name), timeout=30).status_code == 200, name
    return page


def picture(line: str) -> bytes:
    """The picture that the curl line asked for, fetched by the links of iacrea's own `get`."""
    job = pasted(line)
    call = curl_arguments(line)
    call.url = call.url.replace("/generate", "/get")
    body = {"user_id": json.loads(call.data)["user_id"], "generation_id": job["generation_id"]}
    call.data = json.dumps(body)
    end = time.monotonic() + PICTURE_S
    while (state := sent(call))["status"] != "SUCCEEDED":
        assert time.monotonic() < end and state["status"] != "FAILED", state
        time.sleep(0.3)
    with browser() as session:
        content = session.get(state["urls"][0], timeout=30).content
    assert content.startswith(b"\x89PNG"), content[:200]
    return content


def pasted(line: str) -> dict[str, Any]:
    """By a shell and curl; a bare machine has no curl, and gets the same request."""
    if not shutil.which("curl"):
        return sent(curl_arguments(line))
    result = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def curl_arguments(line: str) -> Any:
    parser = ArgumentParser(exit_on_error=False)
    parser.add_argument("curl", choices=["curl"])
    parser.add_argument("url")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="data")
    return parser.parse_args(shlex.split(line))


def sent(call: Any) -> dict[str, Any]:
    headers = dict(header.split(": ", 1) for header in call.headers)
    with browser() as session:
        answer = session.request(call.method, call.url, data=call.data, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


if __name__ == "__main__":
    main(*sys.argv[1:])
