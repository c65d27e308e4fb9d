"""Real sockets, on loopback only: names are answered here, and nothing else is ever dialled."""

import signal
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from integrations.doors import http
from tests.doors import certificates
from tests.doors.certificates import Authority
from tests.doors.servers import Server

# No test may hang longer than this, whatever the door does.
TEST_SECONDS = 20
QUICK = http.Timeout(connect=1, idle=1, total=2)

Serve = Callable[..., Server]


class Resolver:
    """Stands where getaddrinfo is. Each look-up of a name takes its next answer; the last stays."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.real = socket.getaddrinfo

    def knows(self, name: str, *answers: list[str]) -> None:
        self.names[name] = list(answers)

    def __call__(self, host: str, port: int, *_: Any, **options: Any) -> list[Any]:
        self.asked.append(host)
        try:
            return self.real(host, port, flags=socket.AI_NUMERICHOST, **options)
        except socket.gaierror:
            return [found for ip in self._next(host) for found in self.real(ip, port, **options)]

    def _next(self, host: str) -> list[str]:
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture(autouse=True)
def deadline() -> Iterator[None]:
    def late(*_: Any) -> None:
        raise AssertionError(f"longer than {TEST_SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(TEST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    fake = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return fake


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        assert ip_address(address[0]).is_loopback, f"a test dials {address}"
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch, only_loopback: None) -> list[str]:
    """The addresses that were dialled: none is, each is refused."""
    addresses: list[str] = []

    def connect(self: socket.socket, address: Any) -> None:
        addresses.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return addresses


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(*args: Any, **options: Any) -> Server:
        servers.append(Server(*args, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return certificates.authority(tmp_path_factory.mktemp("authority"))


def get(url: str, **options: Any) -> http.Answer:
    """A GET that may go to loopback, and is over soon."""
    given = {"policy": http.public_policy(), "timeout": QUICK, "max_bytes": 1000, **options}
    return http.request("GET", url, **given)


def failure(url: str, **options: Any) -> http.DoorError:
    """The error of a GET that must fail."""
    with pytest.raises(http.DoorError) as caught:
        get(url, **options)
    return caught.value
