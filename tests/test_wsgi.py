"""What is done with a request before Django reads it, over real HTTP."""

import json
from collections.abc import Iterator

import pytest
import requests

from config.wsgi import MAX_CHUNKED_BYTES, without_charset
from tests.stack import Stack

pytestmark = pytest.mark.processes
CHARSETS = ["charset=punycode", "charset=zlib", "charset*=utf-8''zlib", "x*=nonsense''y"]


def credit(stack: Stack, body: bytes | Iterator[bytes], kind: str) -> requests.Response:
    headers = {"x-api-key": stack.agency["api_key"], "Content-Type": kind}
    return requests.post(f"{stack.url}/api/account/credit", body, headers=headers, timeout=10)


def question(stack: Stack) -> bytes:
    fields = {"user_id": stack.agency["iacrea_user_id"], "garden": "été"}
    return json.dumps(fields, ensure_ascii=False).encode()


@pytest.mark.parametrize("charset", [*CHARSETS, "charset=utf-16"])
def test_json_is_utf8_whatever_is_said_of_it(stack: Stack, charset: str) -> None:
    answer = credit(stack, question(stack), f"application/json; {charset}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("charset", CHARSETS)
def test_so_is_a_page(stack: Stack, charset: str) -> None:
    url = f"{stack.url}/comptes/login/?next=/%C3%A9t%C3%A9"
    answer = requests.get(url, headers={"Content-Type": f"text/plain; {charset}"}, timeout=10)
    assert answer.status_code == 200 and "/été" in answer.text


@pytest.mark.parametrize("charset", ["", "; charset=punycode"])
@pytest.mark.parametrize("boundary", ["abc", '"a; charset=zlib b"'])
def test_a_form_with_a_file_keeps_its_boundary(charset: str, boundary: str) -> None:
    kind = f"multipart/form-data{charset}; boundary={boundary}{charset}"
    assert without_charset(kind) == f"multipart/form-data; boundary={boundary}"


def test_a_body_in_chunks_is_read(stack: Stack) -> None:
    answer = credit(stack, iter([question(stack)]), "application/json")
    assert answer.status_code == 200, answer.text


def test_and_not_without_end(stack: Stack) -> None:
    chunks = (b" " * 2**16 for _ in range(MAX_CHUNKED_BYTES // 2**16 + 1))
    assert credit(stack, chunks, "application/json").status_code == 413
