"""Guessers and pryers, at two web processes at once: the limits are of both together."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from random import randrange

import pytest
import requests

from tests.browser.localhost import at_localhost
from tests.stack import PASSWORD, Stack

LOGIN, RESET = "/comptes/login/", "/comptes/password/reset/"
PEOPLE = f"""
from accounts.models import User
for name in ("greta", "gwen", "gilles"):
    User.objects.create_user(name + "@example.org", {PASSWORD!r}, name=name)
"""


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[str, str]]:
    """The addresses of two processes, behind a proxy that says who visits."""
    stack.manage("shell", "--no-imports", "-c", PEOPLE)
    proxy = {"TRUSTED_PROXIES": "127.0.0.1"}
    with at_localhost(stack, **proxy) as one, at_localhost(stack, **proxy) as other:
        yield one, other


def post(door: str, path: str, **fields: str) -> requests.Response:
    """Of a visitor who was never here: what is limited by address is not in the way."""
    visitor, from_ = requests.Session(), f"10.{randrange(256)}.{randrange(256)}.{randrange(256)}"
    visitor.headers.update({"accept-language": "en", "x-forwarded-for": from_})
    page = visitor.get(door + path, timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    return visitor.post(
        door + path,
        {**fields, "csrfmiddlewaretoken": token[1]},
        headers={"referer": door + path},
        cookies={"csrftoken": page.cookies["csrftoken"]},
        allow_redirects=False,
        timeout=60,
    )


def said(answer: requests.Response) -> str:
    found = re.search(r'class="refusal".*?</div>', answer.text, re.S)
    return found[0] if found else ""


def guess(door: str, email: str, password: str = "a guess") -> requests.Response:
    return post(door, LOGIN, login=email, password=password)


def test_five_guesses_at_two_doors_close_both(doors: tuple[str, str]) -> None:
    for door in (doors * 3)[:5]:
        assert "not correct" in said(guess(door, "greta@example.org"))
    for door in doors:
        answer = guess(door, "greta@example.org", PASSWORD)
        assert answer.status_code == 200 and "Too many" in said(answer)


def test_guesses_at_once_are_not_more(doors: tuple[str, str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda door: guess(door, "gwen@example.org"), (doors * 4)[:8])
    looked_at = [answer for answer in answers if "not correct" in said(answer)]
    assert len(looked_at) <= 5


def test_an_address_without_an_account_is_closed_alike(doors: tuple[str, str]) -> None:
    words = [
        [said(guess(door, email)) for door, _ in zip(cycle(doors), range(6), strict=False)]
        for email in ("gilles@example.org", "nobody@example.org")
    ]
    assert words[0] == words[1] and words[0][0] and words[0][0] != words[0][5]


def test_a_reset_says_nothing_of_who_has_an_account(doors: tuple[str, str]) -> None:
    answers = [post(doors[0], RESET, email=f"{who}@example.org") for who in ("gilles", "noone")]
    seen = [(each.status_code, each.headers["Location"], each.text) for each in answers]
    assert seen[0] == seen[1] and seen[0][0] == 302
