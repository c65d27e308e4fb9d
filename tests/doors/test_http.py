"""The door's promises: an answer that is whole, or an error that says what is known."""

import gzip
import socket
import time
import tracemalloc
from pathlib import Path

import pytest

from integrations.doors import http
from tests.doors.conftest import QUICK, Resolver, Serve, failure, get
from tests.doors.servers import Talk, answer, hangs, resets, says

MIB = 2**20
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_an_answer_comes_whole(serve: Serve) -> None:
    server = serve(says(answer(b"terrasse", "X-Kind: wood", status="201 Created")))
    found = get(server.url)
    assert (found.status, found.body) == (201, b"terrasse")
    assert found.headers["x-kind"] == found.headers["X-KIND"] == "wood"


@pytest.mark.parametrize("status", ["400 Bad", "404 Not Found", "429 Slow", "500 Broken"])
def test_any_status_is_an_answer(serve: Serve, status: str) -> None:
    assert get(serve(says(answer(status=status))).url).status == int(status[:3])


def test_chunks_are_put_together(serve: Serve) -> None:
    server = serve(says(CHUNKED + b"3\r\nter\r\n", b"5\r\nrasse\r\n0\r\n\r\n", pause=0.02))
    assert get(server.url).body == b"terrasse"


def test_a_post_sends_its_headers_and_body(serve: Serve) -> None:
    server = serve(says(answer()))
    http.request(
        "POST", server.url + "hook?a=1", policy=http.public_policy(), timeout=QUICK,
        max_bytes=10, headers={"X-Api-Key": "k", "Content-Type": "application/json"}, data=b"{}",
    )  # fmt: skip
    head = server.requests[0]
    assert head.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    for line in (b"X-Api-Key: k", b"Content-Length: 2", b"Connection: close", b"identity"):
        assert line in head


def test_each_call_has_its_own_connection_and_no_memory(serve: Serve) -> None:
    server = serve(says(answer(b"ok", "Set-Cookie: a=b", "Connection: keep-alive")))
    get(server.url)
    get(server.url)
    assert server.connections == 2
    assert b"ookie" not in server.requests[1]


def test_the_environment_changes_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy, server = serve(says(answer())), serve(says(answer()))
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    get(server.url)
    assert proxy.connections == 0
    assert b"Authorization" not in server.requests[0]


def test_time_and_size_are_required() -> None:
    with pytest.raises(TypeError):
        http.request("GET", "http://127.0.0.1/", policy=http.public_policy())  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="above 0"):
        http.Timeout(connect=1, idle=0, total=1)


# --- Not sent, proven --------------------------------------------------------------------------


def test_a_refused_port(serve: Serve) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: nobody else takes the port
        error = failure(f"http://127.0.0.1:{bound.getsockname()[1]}/")
    assert (error.code, error.sent) == ("connection_refused", False)


def test_a_name_that_does_not_resolve() -> None:
    error = failure("http://nobody.invalid/")
    assert (error.code, error.sent) == ("dns_failed", False)


def test_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1))
    start = time.monotonic()
    error = failure("http://slow.invalid/", timeout=http.Timeout(0.2, 1, 1))
    assert (error.code, error.sent) == ("dns_timeout", False)
    assert time.monotonic() - start < 0.6


def test_a_full_backlog_is_a_connect_timeout() -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            with pytest.raises(BlockingIOError):
                waiting.connect(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        error = failure(url, timeout=http.Timeout(connect=0.3, idle=2, total=3))
    assert (error.code, error.sent) == ("connect_timeout", False)


def test_an_address_without_a_route() -> None:
    error = failure(
        "http://127.255.255.255:9/", policy=http.operator_policy("http://127.255.255.255:9")
    )
    assert (error.code, error.sent) == ("unreachable", False)


def test_the_next_address_is_tried(serve: Serve, resolver: Resolver) -> None:
    server = serve(says(answer()))
    resolver.knows("two.invalid", ["127.0.0.2", "127.0.0.1"])
    origin = f"http://two.invalid:{server.port}"
    assert get(origin, policy=http.public_policy(origin)).status == 200


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "clé \N{EURO SIGN}"])
def test_a_header_that_cannot_be_sent(serve: Serve, value: str) -> None:
    server = serve(says(answer()))
    error = failure(server.url, headers={"X-Api-Key": value})
    assert (error.code, error.sent, server.connections) == ("request_invalid", False, 0)


# --- Sent, or nobody knows ---------------------------------------------------------------------

UNCLEAR: list[tuple[str, Talk]] = [
    ("reset", resets()),
    ("reset", resets(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")),
    ("reset", says()),
    ("timeout", hangs),
    ("truncated", says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")),
    ("truncated", says(CHUNKED + b"9\r\nhalf")),
    ("truncated", says(CHUNKED + b"4\r\nhalf\r\n")),
    ("truncated", says(CHUNKED + b"zz\r\nhalf\r\n")),
    ("bad_answer", says(b"SSH-2.0-OpenSSH_9.2\r\n")),
    ("bad_answer", says(b"\x00\x01\x02\r\n\r\n")),
    ("bad_answer", says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n")),
    ("bad_answer", says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n")),
    ("bad_answer", says(CHUNKED + b"-5\r\nhalf\r\n")),
    ("bad_answer", says(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nab")),
    ("bad_encoding", says(answer(b"no gzip at all", "Content-Encoding: gzip"))),
]


@pytest.mark.parametrize(("code", "talk"), UNCLEAR)
def test_a_broken_answer_means_that_it_was_sent(serve: Serve, code: str, talk: Talk) -> None:
    server = serve(talk)
    error = failure(server.url, timeout=http.Timeout(connect=1, idle=0.4, total=2))
    assert (error.code, error.sent) == (code, True)
    assert len(server.requests) == 1, "no retry"


# --- Too large ---------------------------------------------------------------------------------


def endless(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(b"x" * 65536)


def announced(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while True:
        sock.sendall(b"x" * 65536)


def chunked(sock: socket.socket) -> None:
    sock.sendall(CHUNKED)
    while True:
        sock.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


@pytest.mark.parametrize("talk", [endless, announced, chunked])
def test_a_body_that_is_too_large(serve: Serve, talk: Talk) -> None:
    error = failure(serve(talk).url, max_bytes=MIB)
    assert (error.code, error.sent) == ("too_large", True)


def test_the_limit_itself_is_allowed(serve: Serve) -> None:
    server = serve(says(answer(b"x" * 1000)))
    assert len(get(server.url, max_bytes=1000).body) == 1000
    assert failure(server.url, max_bytes=999).code == "too_large"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_does_not_go_off(serve: Serve, layers: int) -> None:
    bomb = bytes(64 * MIB)
    for _ in range(layers):
        bomb = gzip.compress(bomb, 6)
    server = serve(says(answer(bomb, "Content-Encoding: " + ", ".join(["gzip"] * layers))))
    tracemalloc.start()
    error = failure(server.url, max_bytes=MIB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "too_large"
    assert peak < 8 * MIB


def test_what_was_compressed_unasked_is_read(serve: Serve) -> None:
    server = serve(says(answer(gzip.compress(b"pelouse"), "Content-Encoding: gzip")))
    assert get(server.url).body == b"pelouse"


def test_two_slashes_are_no_host(serve: Serve) -> None:
    server = serve(says(answer()))
    get(server.url + "/other.invalid/photo.jpg")
    line, host = server.requests[0].split(b"\r\n")[:2]
    assert line.endswith(b"/other.invalid/photo.jpg HTTP/1.1") and host.startswith(b"Host: 127.0")
