"""A redirect is an answer, unless it is to be followed; then each hop is judged like the first."""

import socket
from typing import Any

import pytest

from integrations.doors import http
from tests.doors.conftest import QUICK, Serve, failure, get
from tests.doors.servers import Server, Talk, answer, redirect, says


@pytest.fixture(autouse=True)
def nothing_allowed(settings: Any) -> None:
    """Loopback is allowed by the origin that a test names, and by nothing else."""
    settings.OUTBOUND_ALLOW = []


def allowing(*servers: Server) -> http.Policy:
    return http.public_policy(*(server.url for server in servers))


def by_path(**talks: Talk) -> Talk:
    """Answers each path as told; needs the request, so it reads it itself."""

    def talk(sock: socket.socket) -> None:
        path = sock.recv(65536).split(b" ")[1].decode().strip("/")
        talks[path or "start"](sock)

    return talk


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_a_redirect_is_the_answer(serve: Serve, status: str) -> None:
    canary = serve(says(answer()))
    server = serve(says(redirect(canary.url, status)))
    found = get(server.url, policy=allowing(server, canary))
    assert found.status == int(status[:3])
    assert found.headers["location"] == canary.url
    assert canary.connections == 0


@pytest.mark.parametrize("location", ["/end", "end", "//127.0.0.1:{port}/end"])
def test_it_is_followed_when_asked(serve: Serve, location: str) -> None:
    server = serve(says(), reads=False)
    server.talk = by_path(
        start=says(redirect(location.format(port=server.port))), end=says(answer(b"here"))
    )
    assert get(server.url, policy=allowing(server), redirects=1).body == b"here"


def test_a_path_with_an_accent_is_found(serve: Serve) -> None:
    end = serve(says(answer()))
    start = serve(says(redirect(f"{end.url}allée.jpg")))
    get(start.url, policy=allowing(start, end), redirects=1)
    assert end.requests[0].startswith(b"GET /all%C3%A9e.jpg ")


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}", "file:///x",
     "https://127.0.0.1:{port}/", "http://a:b@127.0.0.1:{port}/", "http://[", "http://0x7f.1:{port}"],
)  # fmt: skip
def test_a_canary_behind_a_redirect_is_never_called(serve: Serve, target: str) -> None:
    canary = serve(says(answer()))
    server = serve(says(redirect(target.format(port=canary.port))))
    error = failure(server.url, policy=allowing(server), redirects=3)
    assert (error.code, canary.connections) == ("url_refused", 0)
    assert error.sent, "the first request was"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "2130706433"]
)
def test_a_private_address_behind_a_redirect(serve: Serve, host: str) -> None:
    server = serve(says(redirect(f"http://{host}/")))
    error = failure(server.url, policy=allowing(server), redirects=3)
    assert (error.code, error.sent) == ("address_refused", True)


def test_a_refused_port_behind_a_redirect_was_still_sent(serve: Serve) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        server = serve(says(redirect(url)))
        policy = http.public_policy(server.url, url)
        error = failure(server.url, policy=policy, redirects=1)
    assert (error.code, error.sent) == ("connection_refused", True)


def test_a_loop_ends(serve: Serve) -> None:
    server = serve(says(redirect("/")))
    error = failure(server.url, policy=allowing(server), redirects=3)
    assert (error.code, error.sent) == ("too_many_redirects", True)
    assert server.connections == 4


HEADERS = {
    "X-Api-Key": "k-e-y", "Authorization": "Bearer k-e-y", "Cookie": "k-e-y", "Accept": "image/*",
}  # fmt: skip


def test_keys_do_not_travel_to_another_origin(serve: Serve) -> None:
    end = serve(says(answer()))
    start = serve(says(redirect(end.url)))
    get(start.url, policy=allowing(start, end), redirects=1, headers=HEADERS)
    assert start.requests[0].count(b"k-e-y") == 3
    assert b"k-e-y" not in end.requests[0]
    assert b"Accept: image/*" in end.requests[0]


def test_keys_stay_with_their_origin(serve: Serve) -> None:
    server = serve(says(redirect("/")))
    failure(server.url, policy=allowing(server), redirects=1, headers=HEADERS)
    assert [head.count(b"k-e-y") for head in server.requests] == [3, 3]


def test_a_post_follows_nothing(serve: Serve) -> None:
    server = serve(says(redirect("/")))
    found = http.request(
        "POST", server.url, policy=allowing(server), timeout=QUICK, max_bytes=10, redirects=3
    )
    assert (found.status, server.connections) == (302, 1)


def test_the_body_of_a_redirect_is_bounded_too(serve: Serve) -> None:
    """requests' own Session reads it whole, whether it follows or not."""

    def endless(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65536)

    server = serve(endless)
    for redirects in (0, 3):
        error = failure(server.url, policy=allowing(server), redirects=redirects)
        assert (error.code, error.sent) == ("too_large", True)
    assert server.connections == 2
