"""`total` holds against servers that give one byte now and then, in every phase of a call."""

import socket
import time

import pytest

from integrations.doors import http
from tests.doors.certificates import Authority
from tests.doors.conftest import Resolver, Serve, failure
from tests.doors.servers import Talk, drips, hangs, never_reads, redirect, says
from tests.doors.test_tls import call

# `connect` is the longest: what is left of it must not be the socket's timeout later on.
TIMEOUT = http.Timeout(connect=3, idle=0.8, total=1.5)
# The servers here never end: more than the total by this much is a deadline that does not hold. A
# machine that does much else may stand still for a second.
GRACE = 3
STATUS = b"HTTP/1.1 200 OK\r\n"

DRIPS: dict[str, Talk] = {
    "status line": drips(b"HTTP/1.1 200 "),
    "header": drips(STATUS + b"X-Slow: "),
    "headers": drips(STATUS, b"X: y\r\n"),
    "endless 100": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": drips(STATUS + b"Content-Length: 9999\r\n\r\n"),
    "body without length": drips(STATUS + b"\r\n"),
    "chunk": drips(STATUS + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n"),
    "chunk line": drips(STATUS + b"Transfer-Encoding: chunked\r\n\r\n1;"),
    "trailers": drips(STATUS + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("where", DRIPS)
def test_a_slow_drip_is_cut_at_the_total(serve: Serve, where: str) -> None:
    server = serve(DRIPS[where])
    start = time.monotonic()
    error = failure(server.url, timeout=TIMEOUT)
    assert (error.code, error.sent) == ("timeout", True)
    assert TIMEOUT.total - 0.1 < time.monotonic() - start < TIMEOUT.total + GRACE


@pytest.mark.parametrize("where", ["header", "body"])
def test_a_slow_drip_over_tls_too(
    serve: Serve, authority: Authority, resolver: Resolver, where: str
) -> None:
    server = serve(DRIPS[where], tls=authority.server("garden.invalid"))
    start = time.monotonic()
    error = call(server, resolver, authority, timeout=TIMEOUT)
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < TIMEOUT.total + GRACE


def test_silence_is_cut_at_idle(serve: Serve) -> None:
    start = time.monotonic()
    error = failure(serve(hangs).url, timeout=http.Timeout(connect=1, idle=0.2, total=5))
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < 0.2 + GRACE


def test_silence_in_the_body_is_cut_at_idle(serve: Serve) -> None:
    def half(sock: socket.socket) -> None:
        sock.sendall(STATUS + b"Content-Length: 9\r\n\r\nhalf")
        hangs(sock)

    start = time.monotonic()
    error = failure(serve(half).url, timeout=http.Timeout(connect=1, idle=0.2, total=5))
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < 0.2 + GRACE


def test_a_request_that_nobody_takes_is_cut_at_idle(serve: Serve) -> None:
    server = serve(never_reads, reads=False)
    start = time.monotonic()
    error = failure(server.url, data=bytes(32 * 2**20), timeout=http.Timeout(5, 0.2, 5))
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < 0.2 + GRACE


def slow_reader(sock: socket.socket) -> None:
    while sock.recv(20_000):
        time.sleep(0.05)


@pytest.mark.parametrize("talk", [never_reads, slow_reader])
@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_does_not_read(
    serve: Serve, authority: Authority, resolver: Resolver, talk: Talk, tls: bool
) -> None:
    server = serve(talk, tls=authority.server("garden.invalid") if tls else None, reads=False)
    start = time.monotonic()
    data = bytes(32 * 2**20)
    error = call(server, resolver, authority, timeout=TIMEOUT, method="POST", data=data, tls=tls)
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < TIMEOUT.total + GRACE


def test_the_total_spans_all_redirects(serve: Serve) -> None:
    def again(sock: socket.socket) -> None:
        time.sleep(0.3)
        says(redirect("/again"))(sock)

    start = time.monotonic()
    error = failure(serve(again).url, timeout=TIMEOUT, redirects=20)
    assert (error.code, error.sent) == ("timeout", True)
    assert time.monotonic() - start < TIMEOUT.total + GRACE
