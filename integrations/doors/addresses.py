"""Names to socket addresses, and which of them are the public internet."""

import socket
from collections.abc import Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from typing import Any

Address = IPv4Address | IPv6Address
# What getaddrinfo gives: family, type, protocol, canonical name, socket address.
Candidate = tuple[int, int, int, str, tuple[Any, ...]]

NAT64 = ip_network("64:ff9b::/96")
# Python's `is_global` knows these only in newer patch releases, or not at all.
NOT_GLOBAL = (
    ip_network("192.0.0.0/24"),  # IETF protocol assignments
    ip_network("192.88.99.0/24"),  # the withdrawn 6to4 relays
    ip_network("fec0::/10"),  # site-local, the fc00::/7 of old
    ip_network("3fff::/20"),  # documentation
)


def resolve(host: str, port: int, seconds: float) -> Sequence[Candidate]:
    """The addresses of `host`, in the order to try them.

    Raises OSError (no such name), UnicodeError (no name at all) or TimeoutError after `seconds`.
    getaddrinfo cannot be interrupted: the thread of a lookup that hangs ends when the system's
    resolver gives up, and its answer goes nowhere.
    """
    if _is_address(host):
        return _look_up(host, port)  # it need not be looked up, so nothing can hang
    found: Future[Sequence[Candidate]] = Future()

    def look_up() -> None:
        try:
            found.set_result(_look_up(host, port))
        except Exception as error:  # handed to the caller, whatever it is
            found.set_exception(error)

    Thread(target=look_up, daemon=True).start()
    return found.result(timeout=seconds)


def _look_up(host: str, port: int) -> Sequence[Candidate]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(text: str) -> bool:
    """Whether this address, also if it carries another one inside, is on the public internet."""
    address = _innermost(ip_address(text))
    if any(address in network for network in NOT_GLOBAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _innermost(address: Address) -> Address:
    """The IPv4 address where a translator or tunnel would deliver the packets.

    Teredo (2001::/32) needs no unwrapping: the whole of 2001::/23 is not global.
    """
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
