"""The addresses of this machine that a phone on the same network can reach."""

import fcntl
import ipaddress
import socket
import struct
from pathlib import Path

SIOCGIFADDR = 0x8915  # Linux: address of a network interface
EVERY_INTERFACE = "0.0.0.0"  # noqa: S104  # compared, not bound
LOOPBACK = "127.0.0.1"
ROUTES = Path("/proc/net/route")
DEFAULT_ROUTE = "00000000"


def reachable(host: str) -> list[str]:
    """`host` itself, or, for "every interface", each address that is no loopback, best first.

    Asks the kernel for its interfaces; nothing is dialled.
    """
    if host != EVERY_INTERFACE:
        return [host]
    found = [_address(name) for name in _interfaces()]
    outer = [a for a in found if a and not ipaddress.ip_address(a).is_loopback]
    return outer or [LOOPBACK]


def _interfaces() -> list[str]:
    """The one that leads out comes first: containers and VPNs bring addresses no phone reaches."""
    names = [name for _index, name in socket.if_nameindex()]
    routes = ROUTES.read_text().splitlines() if ROUTES.exists() else []
    leads_out = [line.split()[0] for line in routes if line.split()[1:2] == [DEFAULT_ROUTE]]
    return sorted(names, key=lambda name: name not in leads_out)


def _address(interface: str) -> str | None:
    request = struct.pack("256s", interface.encode()[:15])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, request)
        except OSError:
            return None  # an interface without an IPv4 address
    return socket.inet_ntoa(answer[20:24])
