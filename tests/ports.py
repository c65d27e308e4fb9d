"""Ports for servers of tests."""

import random
import socket

# Below the range from which the kernel takes the ports of outgoing connections (32768 and up):
# one of those may be taken between our look and the server's bind.
LOWEST, HIGHEST = 18_000, 32_000


def free_ports(count: int) -> int:
    """The first of `count` ports in a row that nobody listens on."""
    for _ in range(200):
        first = random.randrange(LOWEST, HIGHEST)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError(f"no {count} free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
