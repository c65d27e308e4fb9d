"""How an outgoing call fails, in stable words, and which of them prove that nothing was sent."""

import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead

from urllib3.exceptions import DecodeError, InvalidHeader, ProtocolError

# An allow-list: each is raised before the first byte of a request, and a test proves it against a
# real socket. A word that is not here means that the request may have arrived.
NOT_SENT = frozenset({
    "address_refused",  # the policy refuses the address that was about to be connected
    "connect_timeout",  # no TCP connection within Timeout.connect
    "connection_refused",
    "dns_failed",  # the name has no address
    "dns_timeout",  # the resolver did not answer within Timeout.connect
    "request_invalid",  # a header that HTTP cannot carry
    "tls_failed",  # certificate expired, of another host, of an unknown authority; no TLS at all
    "tls_timeout",  # the handshake was not done within Timeout.connect
    "unreachable",  # no route to the address
    "url_refused",  # malformed, or its scheme, port or origin is not the policy's
})  # fmt: skip

# After the handshake. In this order: the broken answer of a dead connection is several of these.
BROKEN: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "timeout"),  # Timeout.idle or Timeout.total
    (IncompleteRead, "truncated"),
    (DecodeError, "bad_encoding"),
    (ssl.SSLError, "tls_broken"),
    (ConnectionError, "reset"),
    (HTTPException, "bad_answer"),
    (ProtocolError, "truncated"),
    (InvalidHeader, "bad_answer"),
    (ValueError, "bad_answer"),
)


class DoorError(Exception):
    """An outgoing call that brought no answer.

    `code` is a short stable word; besides those above `too_large`, `too_many_redirects` and
    `failed`. `sent` is False only if it is proven that no byte of the request left this machine.
    """

    def __init__(self, code: str, detail: str = "", *, sent: bool | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.sent = code not in NOT_SENT if sent is None else sent


def broken(error: BaseException) -> DoorError:
    """What a failure after the connection was made is called: always `sent`."""
    chain = list(_chain(error))
    for kind, code in BROKEN:
        for cause in chain:
            if isinstance(cause, kind):
                return DoorError(code, type(cause).__name__)
    return DoorError("failed", type(error).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """requests wraps urllib3's errors, which wrap the socket's: the meaning is innermost."""
    while error is not None:
        yield error
        error = error.__context__
