"""The one door out: every HTTP call that leaves this machine passes here.

A policy says where it may go; a time and a size that it must not exceed are required; an error
says whether a byte of the request may have been sent. A fresh connection each time, no retries,
no proxies or passwords from the environment, no cookies, and no redirect unless asked for.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from urllib.parse import urljoin

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from integrations.doors.connections import Adapter, Call
from integrations.doors.failures import DoorError, broken
from integrations.doors.policies import Policy, operator_policy, origin_of, public_policy
from integrations.doors.sockets import Timeout

__all__ = [
    "Answer",
    "DoorError",
    "Policy",
    "Timeout",
    "operator_policy",
    "public_policy",
    "request",
]

CHUNK = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOLLOWING = frozenset({"GET", "HEAD"})
# All that another origin gets to see of the caller's headers: no key, no cookie.
CARRIED = frozenset({"accept", "accept-language", "user-agent"})
# `identity`: pictures do not shrink, and a compressed answer has a size that nobody knows.
OUR_HEADERS = {"Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True)
class Answer:
    """What came back, complete. `headers` are case-insensitive; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request(
    method: str,
    url: str,
    *,
    policy: Policy,
    timeout: Timeout,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    redirects: int = 0,
) -> Answer:
    """Call `url` and return its answer, whatever the status.

    `max_bytes` bounds the body after decompression. Up to `redirects` redirects of a GET or HEAD
    are followed, each judged again by the policy; with 0 the redirect is the answer.
    Raises DoorError, whose `code` and `sent` are told in failures.py.
    """
    until = monotonic() + timeout.total
    hop = _Hop(policy, timeout, until, max_bytes)
    answer = hop.exchange(method, url, headers or {}, data)
    if redirects and method in FOLLOWING:
        return _follow(hop, method, url, headers or {}, answer, redirects)
    return answer


def _follow(
    hop: "_Hop", method: str, url: str, headers: Mapping[str, str], answer: Answer, redirects: int
) -> Answer:
    try:
        while (target := _target(url, answer)) is not None:
            if not redirects:
                raise DoorError("too_many_redirects")
            headers = _carried(headers, url, target)
            answer = hop.exchange(method, target, headers, None)
            url, redirects = target, redirects - 1
    except DoorError as error:
        # Whatever the reason, the first request has been sent.
        raise DoorError(error.code, error.detail, sent=True) from None
    return answer


def _target(url: str, answer: Answer) -> str | None:
    """Where the answer points to, absolute; None if it is no redirect."""
    location = answer.headers.get("location")
    if answer.status not in REDIRECTS or location is None:
        return None
    try:
        # A header is read as Latin-1, but servers write their paths in UTF-8.
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        raise DoorError("url_refused", "malformed") from None


def _carried(headers: Mapping[str, str], url: str, target: str) -> Mapping[str, str]:
    if origin_of(url) == origin_of(target):
        return headers
    return {name: value for name, value in headers.items() if name.lower() in CARRIED}


@dataclass(frozen=True)
class _Hop:
    """What every hop of one call has in common."""

    policy: Policy
    timeout: Timeout
    until: float
    max_bytes: int

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> Answer:
        prepared = _prepare(method, url, headers, data)
        # The prepared URL, since that one is dialled: one reading of it, no two that may differ.
        origin = origin_of(str(prepared.url))
        self.policy.judge_origin(origin)
        adapter = Adapter(Call(origin, self.policy, self.timeout, self.until))
        try:
            return self._send(adapter, prepared)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            # ValueError: what urllib3 makes of a chunk of -5 bytes, for one.
            # None: their texts have the whole URL, and some URLs are secrets.
            raise broken(error) from None

    def _send(self, adapter: Adapter, prepared: requests.PreparedRequest) -> Answer:
        # Not a Session: it reads the body of a redirect whole before anyone can bound it.
        waits = (self.timeout.connect, self.timeout.idle)
        with closing(adapter.send(prepared, stream=True, timeout=waits)) as response:
            return Answer(response.status_code, response.headers, self._read(response))

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.raw.stream(CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.max_bytes:
                raise DoorError("too_large")
        return bytes(body)


def _prepare(
    method: str, url: str, headers: Mapping[str, str], data: bytes | None
) -> requests.PreparedRequest:
    """The request as it will be sent, or the DoorError of one that cannot be."""
    all_headers = CaseInsensitiveDict({"User-Agent": "Parterre", **headers, **OUR_HEADERS})
    try:
        "".join(all_headers.values()).encode("latin-1")
        return requests.Request(method, url, headers=all_headers, data=data).prepare()
    except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
        raise DoorError("request_invalid") from None
    except (requests.RequestException, ValueError):
        raise DoorError("url_refused", "malformed") from None
