"""urllib3's connections, made so that the address that was judged is the one that is connected."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any

from certifi import where
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_match_hostname import CertificateError

from integrations.doors.addresses import Candidate, resolve
from integrations.doors.failures import DoorError
from integrations.doors.policies import Origin, Policy
from integrations.doors.sockets import Patience, PlainSocket, Timeout, TlsSocket, left


@dataclass(frozen=True)
class Call:
    """One hop to one origin. `until` is the end of the whole call on the monotonic clock."""

    origin: Origin
    policy: Policy
    timeout: Timeout
    until: float


def dial(call: Call) -> PlainSocket:
    """A connected socket; every address that is tried is judged just before.

    Its timeout is what TLS may still take. DoorError otherwise, nothing sent.
    """
    until = min(monotonic() + call.timeout.connect, call.until)
    candidates = _resolve(call, until)
    for number, candidate in enumerate(candidates):
        call.policy.judge_address(call.origin, candidate[4][0])
        try:
            # An equal share each: an address that swallows packets must not use up the time.
            sock = _connect(candidate, left(until) / (len(candidates) - number))
            sock.settimeout(left(until))
        except OSError as error:
            failure = _connect_failure(error)
        else:
            sock.patience = Patience(call.timeout.idle, call.until)
            return sock
    raise failure


def _resolve(call: Call, until: float) -> Sequence[Candidate]:
    port = call.origin.port
    assert port is not None, "only a policy's origin has any port"
    try:
        candidates = resolve(call.origin.host, port, left(until))
    except TimeoutError:
        raise DoorError("dns_timeout", call.origin.host) from None
    except (OSError, UnicodeError) as error:
        raise DoorError("dns_failed", f"{call.origin.host}: {error}") from None
    if not candidates:
        raise DoorError("dns_failed", f"{call.origin.host}: no address")
    return candidates


def _connect(candidate: Candidate, seconds: float) -> PlainSocket:
    family, kind, protocol, _, address = candidate
    sock = PlainSocket(family, kind, protocol)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def _connect_failure(error: OSError) -> DoorError:
    if isinstance(error, TimeoutError):
        return DoorError("connect_timeout")
    if isinstance(error, ConnectionError):  # some firewalls refuse with a reset
        return DoorError("connection_refused")
    return DoorError("unreachable", str(error))


class PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        self.call = call

    def _new_conn(self) -> PlainSocket:
        return dial(self.call)


class TlsConnection(HTTPSConnection):
    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        self.call = call

    def _new_conn(self) -> PlainSocket:
        return dial(self.call)

    def connect(self) -> None:
        """Connect and shake hands. The same errors after this mean that something was sent."""
        try:
            super().connect()
        except TimeoutError:
            raise DoorError("tls_timeout") from None
        except (ssl.SSLError, CertificateError, ConnectionError) as error:
            raise DoorError("tls_failed", str(error)) from None
        assert isinstance(self.sock, TlsSocket), "the context makes no other"
        if self.sock.version() is None:
            # Python leaves the handshake out, silently, of a connection that is closed by now.
            raise DoorError("tls_failed", "closed before the handshake")
        self.sock.patience = Patience(self.call.timeout.idle, self.call.until)


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


@cache  # reading the certificates takes longer than a call to a neighbour
def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Certificate and host name are always checked."""
    context = ssl.create_default_context(cafile=ca_bundle or where())
    context.sslsocket_class = TlsSocket
    return context


class Adapter(HTTPAdapter):
    """requests' way to urllib3 for one hop: a pool of its own, so a connection of its own."""

    def __init__(self, call: Call) -> None:
        super().__init__(max_retries=0)
        self.call = call

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *_: Any, **__: Any
    ) -> HTTPConnectionPool:
        origin = self.call.origin
        if origin.scheme == "http":
            return PlainPool(origin.host, origin.port, call=self.call)
        context = tls_context(self.call.policy.ca_bundle)
        return TlsPool(origin.host, origin.port, call=self.call, ssl_context=context)

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing to set: the pool's context has the certificates, and requires them."""
