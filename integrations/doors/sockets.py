"""Sockets that hold one deadline, however slowly the other side drips."""

import socket
import ssl
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


@dataclass(frozen=True)
class Timeout:
    """How long a call may take, in seconds.

    `connect` for DNS, TCP and TLS together; `idle` to hand over the request, and then without one
    byte coming; `total` for everything, redirects included.
    """

    connect: float
    idle: float
    total: float

    def __post_init__(self) -> None:
        if min(self.connect, self.idle, self.total) <= 0:
            raise ValueError("a timeout is above 0 seconds")


def left(until: float) -> float:
    """Seconds until a moment of the monotonic clock; TimeoutError once it has passed."""
    seconds = until - monotonic()
    if seconds <= 0:
        raise TimeoutError("deadline")
    return seconds


@dataclass
class Patience:
    """How long one socket waits for each step: `idle` seconds, and never past `until`."""

    idle: float
    until: float

    @property
    def seconds(self) -> float:
        return min(self.idle, left(self.until))


# A socket's own timeout begins anew with each byte, so that one byte a second holds a worker for
# ever. These set it before each step to what is left. http.client reads through recv_into only.


class PlainSocket(socket.socket):
    patience: Patience

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.patience.seconds)
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        self.settimeout(self.patience.seconds)
        super().sendall(data, flags)


class TlsSocket(ssl.SSLSocket):
    patience: Patience

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        self.settimeout(self.patience.seconds)
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:  # sendall is a loop of these
        self.settimeout(self.patience.seconds)
        return super().send(data, flags)
