"""A handshake that fails proves that nothing was sent; a TLS error after it proves nothing."""

import socket
import ssl
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.doors import http
from tests.doors import certificates
from tests.doors.certificates import DAY, NOW, Authority
from tests.doors.conftest import QUICK, Resolver, Serve
from tests.doors.servers import Server, Talk, answer, drips, hangs, resets, says

HOST = "garden.invalid"


def request(
    server: Server, resolver: Resolver, trusted: Authority | None, *,
    path: str = "/", method: str = "GET", tls: bool = True, **options: Any,
) -> http.Answer:  # fmt: skip
    """Call the server under its name, trusting this authority, or those of certifi."""
    resolver.knows(HOST, ["127.0.0.1"])
    origin = f"{'https' if tls else 'http'}://{HOST}:{server.port}"
    bundle = trusted.bundle if trusted else None
    policy = replace(http.operator_policy(origin), ca_bundle=bundle)
    given = {"timeout": QUICK, "max_bytes": 1000, **options}
    return http.request(method, origin + path, policy=policy, **given)


def call(*args: Any, **options: Any) -> http.DoorError:
    with pytest.raises(http.DoorError) as caught:
        request(*args, **options)
    return caught.value


def test_a_good_certificate(serve: Serve, authority: Authority, resolver: Resolver) -> None:
    server = serve(says(answer(b"secret")), tls=authority.server(HOST))
    assert request(server, resolver, authority).body == b"secret"
    assert f"Host: {HOST}:{server.port}".encode() in server.requests[0]


def test_an_expired_certificate(serve: Serve, authority: Authority, resolver: Resolver) -> None:
    server = serve(says(answer()), tls=authority.server(HOST, expires=NOW - DAY))
    error = call(server, resolver, authority)
    assert (error.code, error.sent, server.requests) == ("tls_failed", False, [])
    assert "expired" in error.detail


def test_a_certificate_of_another_host(
    serve: Serve, authority: Authority, resolver: Resolver
) -> None:
    server = serve(says(answer()), tls=authority.server("other.invalid"))
    error = call(server, resolver, authority)
    assert (error.code, error.sent, server.requests) == ("tls_failed", False, [])
    assert "mismatch" in error.detail.lower()


def test_a_certificate_of_an_unknown_authority(
    serve: Serve, authority: Authority, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, authority.bundle)
    server = serve(says(answer()), tls=authority.server(HOST))
    error = call(server, resolver, None)
    assert (error.code, error.sent, server.requests) == ("tls_failed", False, [])


def test_a_self_signed_certificate(
    serve: Serve, authority: Authority, resolver: Resolver, tmp_path: Path
) -> None:
    other = certificates.authority(tmp_path)
    server = serve(says(answer()), tls=other.server(HOST))
    error = call(server, resolver, authority)
    assert (error.code, error.sent, server.requests) == ("tls_failed", False, [])


@pytest.mark.parametrize(
    "talk",
    [says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), says(), resets()],
    ids=["http", "eof", "rst"],
)
def test_no_tls_at_all(serve: Serve, authority: Authority, resolver: Resolver, talk: Talk) -> None:
    error = call(serve(talk, reads=False), resolver, authority)
    # A reset may overtake the connect.
    assert error.code in ("tls_failed", "connection_refused")
    assert not error.sent


@pytest.mark.parametrize(
    "talk", [hangs, drips(b"\x16\x03\x03\x40\x00")], ids=["silent", "dripping"]
)
def test_a_handshake_that_does_not_end(
    serve: Serve, authority: Authority, resolver: Resolver, talk: Talk
) -> None:
    start = time.monotonic()
    timeout = http.Timeout(connect=0.4, idle=2, total=3)
    error = call(serve(talk, reads=False), resolver, authority, timeout=timeout)
    assert (error.code, error.sent) == ("tls_timeout", False)
    assert time.monotonic() - start < 0.8


@pytest.mark.parametrize("cleared", [False, True])
def test_a_connection_that_is_reset_before_the_handshake(
    serve: Serve, authority: Authority, resolver: Resolver, monkeypatch: pytest.MonkeyPatch,
    cleared: bool,
) -> None:  # fmt: skip
    """Python then wraps the socket without a handshake, and a request would go out in clear."""
    real = socket.socket.connect
    connected = threading.Event()

    def connect(self: socket.socket, address: Any) -> None:
        real(self, address)
        connected.set()
        time.sleep(0.3)  # the reset arrives
        if cleared:
            self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def talk(sock: socket.socket) -> None:
        connected.wait(2)
        resets()(sock)

    monkeypatch.setattr(socket.socket, "connect", connect)
    error = call(serve(talk, reads=False), resolver, authority)
    assert (error.code, error.sent) == ("tls_failed", False)


def test_a_tls_error_after_the_handshake_proves_nothing(
    serve: Serve, authority: Authority, resolver: Resolver
) -> None:
    """With TLS 1.3 a server refuses a client without certificate after the request was sent."""
    tls = authority.server(HOST)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.bundle)
    error = call(serve(says(answer()), tls=tls), resolver, authority)
    assert error.code in ("tls_broken", "reset")
    assert error.sent


def test_a_connection_that_breaks_under_tls(
    serve: Serve, authority: Authority, resolver: Resolver
) -> None:
    def garbage(sock: socket.socket) -> None:
        # Past TLS, on the bare socket: not a record that any key opens.
        socket.socket.sendall(sock, b"\x17\x03\x03\x00\x05hello")

    server = serve(garbage, tls=authority.server(HOST))
    error = call(server, resolver, authority, path="/m/secret/photo.jpg")
    assert (error.code, error.sent) == ("tls_broken", True)
    # Whoever knows the address of a photo may fetch it; urllib3's words for this error have it.
    assert "secret" not in "".join(traceback.format_exception(error))
