"""Whether a URL may be kept as one to call: what can be said without asking the network. The door
judges it again at each connect, by the address that it then has."""

import socket

import requests

from integrations.doors.failures import DoorError
from integrations.doors.policies import Origin, origin_of, public_policy

# Networks of a house or a company, and the machine itself: no name of the public internet.
INSIDE = frozenset({
    "arpa", "corp", "home", "internal", "intranet", "lan", "local", "localhost", "private",
})  # fmt: skip


def judge_destination(url: str) -> None:
    """For https, or an origin that the operator allows. DoorError `not_https`, or one of the
    door's `url_refused` and `address_refused`."""
    origin, policy = _origin(url), public_policy()
    if policy.allows(origin):
        return
    policy.judge_origin(origin)
    host = origin.host.rstrip(".")
    address = _written_address(host)
    if address:
        policy.judge_address(origin, address)
    elif "." not in host or host.rpartition(".")[2] in INSIDE:
        raise DoorError("address_refused", host)
    if origin.scheme != "https":
        raise DoorError("not_https")


def _origin(url: str) -> Origin:
    """As the door reads it. Browsers and libraries disagree about a backslash."""
    try:
        if "\\" in url:
            raise ValueError(url)
        return origin_of(str(requests.Request("POST", url).prepare().url))
    except (requests.RequestException, ValueError):
        raise DoorError("url_refused", "malformed") from None


def _written_address(host: str) -> str:
    """The address that the host is, however it is written: 127.1, 0x7f000001, 2130706433."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ""
    return str(found[0][4][0])
