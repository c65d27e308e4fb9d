"""No URL that a tenant names leads inside: neither an endpoint's nor a job's own webhook.

A canary listens on loopback, on a port that is open to the public internet here, so that only what
is said of its address keeps it unreached. A recorder stands where the door would connect: whatever
leaves loopback is written down and refused, so that a broken door dials nothing real.
"""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from accounts.choices import Mode
from integrations.doors import policies
from integrations.doors.destinations import judge_destination
from integrations.doors.failures import DoorError
from integrations.webhooks import services
from integrations.webhooks.choices import EventType
from integrations.webhooks.events import write_delivery, write_event
from integrations.webhooks.models import Delivery, WebhookEndpoint
from tests.conftest import Cast
from tests.doors.conftest import Resolver
from tests.projects.jobs import backdate
from tests.servers import Reply, Server
from tests.webhooks.api import ENDPOINTS, live
from tests.webhooks.test_deliveries import ended
from tests.worker import sweep_once

# A public address, and nobody's: only the recorder sees it.
PUBLIC = "93.184.215.14"
REFUSED = {"address_refused", "url_refused"}

# Addresses, in every way that some reader of URLs takes.
ADDRESSES = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001",
    "0177.0.0.1", "0177.0.0.01", "0x7f.1", "0x7f000001", "0x7F.0x0.0x0.0x1", "127.0.0.1.",
    "0", "0.0.0.0", "00000.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",  # 6to4
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::10.0.0.1]",  # NAT64
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",  # Teredo
    # Digits and letters that only look foreign.
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u3002\uff10\u30020\u30021",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "\uff4c\uff4fcal\uff48ost",
]  # fmt: skip
# Names that are never the public internet's.
INSIDE = [
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local",
    "printer.local.", "metadata.google.internal", "nas.lan", "router.home.arpa", "intranet",
]  # fmt: skip
# Whole URLs that are none, or another's than they seem.
URLS = [
    "https://user@public.invalid/", "https://user:word@public.invalid/",
    "https://public.invalid@127.0.0.1:{port}/", "https://public.invalid:443@127.0.0.1/",
    "https://127.0.0.1:{port}\\@public.invalid/",
    "https://127.0.0.1:{port}#@public.invalid/", "https://127.0.0.1:{port}?@public.invalid/",
    "https://127.0.0.1%00.public.invalid/", "https://127.0.0.1%2f@public.invalid/",
    "https://[::1%25lo]:{port}/", "https://[fe80::1%25eth0]/", "https://%31%32%37.0.0.1/",
    "https://public.invalid:22/", "https://public.invalid:6379/",
    "https://public.invalid:65536/", "https://127.0.0.1:{port}:443/", "https://[::1/", "https://",
    "http://public.invalid:25/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/", "javascript:alert(1)", "data:text/plain,x", "//127.0.0.1:{port}/",
    "unix:///var/run/docker.sock", "\u0441ttps://public.invalid/",
]  # fmt: skip
# Names that look like any other, and resolve to the inside: only the connect can tell.
RESOLVE_INSIDE = {
    "inside.invalid": ["10.1.2.3"],
    "loop.invalid": ["127.0.0.1"],
    "loop.invalid.": ["127.0.0.1"],
    "xn--caf-dma.invalid": ["127.0.0.1"],
    "six.invalid": ["::1"],
    "mapped.invalid": ["::ffff:127.0.0.1"],
    "nat64.invalid": ["64:ff9b::7f00:1"],
    "sixtofour.invalid": ["2002:7f00:1::1"],
    "metadata.invalid": ["169.254.169.254"],
    "zero.invalid": ["0.0.0.0"],
    "both.invalid": ["127.0.0.1", PUBLIC],
}
NAMES = [*RESOLVE_INSIDE, "caf\u00e9.invalid", "LOOP.invalid"]
HOSTS = [*ADDRESSES, *INSIDE]


@pytest.fixture(autouse=True)
def nothing_allowed(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []


class Names(Resolver):
    """Whoever asks for written addresses only gets no name looked up."""

    def __call__(self, host: str, port: int, *_: Any, flags: int = 0, **options: Any) -> list[Any]:
        if flags & socket.AI_NUMERICHOST:
            return self.real(host, port, flags=flags, **options)
        return super().__call__(host, port, **options)


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    fake = Names()
    for name, addresses in {**RESOLVE_INSIDE, "public.invalid": [PUBLIC]}.items():
        fake.knows(name, addresses)
    for name in (*INSIDE, "127.0.0.1."):
        fake.knows(name.lower(), ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return fake


@pytest.fixture(autouse=True)
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the door dials; loopback answers, anything else is refused here."""
    addresses: list[str] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        addresses.append(address[0])
        if not ip_address(address[0]).is_loopback:
            raise ConnectionRefusedError
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server(lambda _request: Reply(200)) as server:
        open_ports = policies.PUBLIC_PORTS | {port_of(server)}
        monkeypatch.setattr(policies, "PUBLIC_PORTS", open_ports)
        yield server


def port_of(server: Server) -> int:
    return int(server.origin.rpartition(":")[2])


def written(server: Server) -> list[str]:
    """Each vector, at the canary's port where it has one, by both schemes."""
    port = port_of(server)
    hosts = [f"{scheme}://{host}:{port}/hook" for host in HOSTS for scheme in ("http", "https")]
    return hosts + [url.replace("{port}", str(port)) for url in URLS]


def test_there_are_more_than_sixty_vectors() -> None:
    assert len({*HOSTS, *URLS, *NAMES}) >= 100


@pytest.mark.parametrize("host", [*HOSTS, "localhost..", ".localhost"])
def test_an_address_inside_is_not_kept(host: str, dialled: list[str]) -> None:
    with pytest.raises(DoorError) as refused:
        judge_destination(f"https://{host}/hook")
    assert refused.value.code in REFUSED and dialled == []


@pytest.mark.parametrize("url", [*URLS, "https://public.invalid\\@127.0.0.1:{port}/"])
def test_what_readers_disagree_about_is_not_kept(url: str, dialled: list[str]) -> None:
    with pytest.raises(DoorError) as refused:
        judge_destination(url.replace("{port}", "443"))
    assert refused.value.code in REFUSED and dialled == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://public.invalid/", "not_https"), ("http://93.184.215.14/", "not_https"),
        ("https://public.invalid/", None), ("https://public.invalid:8443/a?b=c#d", None),
        ("https://caf\u00e9.invalid/", None), ("HTTPS://Public.INVALID:443", None),
        ("https://93.184.215.14/", None), ("https://[2606:2800:21f::1]/", None),
    ],
)  # fmt: skip
def test_the_public_internet_is_open_by_https(url: str, code: str | None) -> None:
    try:
        judge_destination(url)
        found = None
    except DoorError as error:
        found = error.code
    assert found == code


@pytest.mark.django_db
def test_the_api_keeps_none_of_them(
    alice: Cast, canary: Server, dialled: list[str], settings: Any
) -> None:
    settings.API_CALLS_PER_MINUTE = settings.API_CREATES_PER_MINUTE = 10_000
    api = live(alice)
    for url in written(canary):
        status, answer = api.post(ENDPOINTS, {"url": url})
        assert (status, answer.get("field")) == (400, "url"), url
    assert not WebhookEndpoint.objects.exists()
    assert (canary.requests, dialled) == ([], [])


def errors_of(urls: list[str]) -> dict[str, str]:
    """What became of the first try of each, all of them sent by the real sweep."""
    for _ in range(len(urls)):
        if not Delivery.objects.filter(attempts=0).exists():
            break
        sweep_once()
    rows = {row.url: row for row in Delivery.objects.all()}
    assert set(rows) == set(urls) and {row.state for row in rows.values()} == {"pending"}
    return {url: row.error for url, row in rows.items()}


@pytest.mark.django_db
def test_endpoints_that_were_kept_all_the_same(
    alice: Cast, canary: Server, dialled: list[str]
) -> None:
    """Past the API: by a mistake of ours, or a name that changed its mind."""
    port = port_of(canary)
    urls = [*written(canary), *(f"https://{name}:{port}/hook" for name in NAMES)]
    for number, url in enumerate(urls):
        WebhookEndpoint.objects.update(deleted_at="2020-01-01T00:00:00Z")
        made = services.create_endpoint(agency=alice.agency, mode=Mode.LIVE, url=url)
        services.send_ping(made.pk)
        assert number < 300
    WebhookEndpoint.objects.update(deleted_at=None)
    errors = errors_of(urls)
    assert {url: error for url, error in errors.items() if error not in REFUSED} == {}
    assert (canary.requests, dialled) == ([], [])


@pytest.mark.django_db
def test_jobs_own_webhooks(alice: Cast, canary: Server, dialled: list[str]) -> None:
    port = port_of(canary)
    urls = [*written(canary), *(f"http://{name}:{port}/hook" for name in NAMES)]
    job = {"agency_id": alice.agency.pk, "mode": Mode.LIVE, "subject_id": alice.agency.pk}
    event = write_event(**job, event_type=EventType.GENERATION_FAILED, data={})
    for url in urls:
        write_delivery(event, url=url, body={})
    errors = errors_of(urls)
    assert {url: error for url, error in errors.items() if error not in REFUSED} == {}
    assert (canary.requests, dialled) == ([], [])


@pytest.mark.django_db
def test_a_job_that_ended_rings_nobody_inside(
    alice: Cast, canary: Server, dialled: list[str]
) -> None:
    ended(alice, canary.origin + "/hook")
    sweep_once()
    assert Delivery.objects.get().error == "address_refused"
    assert (canary.requests, dialled) == ([], [])


@pytest.mark.django_db
def test_a_rebinding_name(
    alice: Cast, canary: Server, resolver: Resolver, dialled: list[str]
) -> None:
    """Public when it is looked up first, inside ever after: the address that is judged is the one
    that is dialled, at each try."""
    resolver.knows("rebind.invalid", [PUBLIC], ["127.0.0.1"])
    made = live(alice).endpoint("https://rebind.invalid/hook")
    live(alice).post(f"{ENDPOINTS}/{made['id']}/test")
    for error in ("connection_refused", "address_refused", "address_refused"):
        sweep_once()
        row = Delivery.objects.get()
        assert (row.error, dialled) == (error, [PUBLIC])
        backdate(row, 24 * 3600, "next_attempt_at")
    assert canary.requests == []


@pytest.mark.django_db
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_inside_is_not_followed(
    alice: Cast, canary: Server, settings: Any, status: int
) -> None:
    reply = Reply(status, headers={"location": canary.origin + "/hook"})
    with Server(lambda _request: reply) as receiver:
        settings.OUTBOUND_ALLOW = [receiver.origin]
        made = live(alice).endpoint(receiver.origin)
        live(alice).post(f"{ENDPOINTS}/{made['id']}/test")
        sweep_once()
    row = Delivery.objects.get()
    assert (row.state, row.status_code) == ("pending", status)
    assert len(receiver.requests) == 1 and canary.requests == []


@pytest.mark.django_db
def test_the_canary_can_be_reached_where_the_operator_allows_it(
    alice: Cast, canary: Server, settings: Any
) -> None:
    """Else the tests above would prove nothing."""
    settings.OUTBOUND_ALLOW = ["http://127.0.0.1:*"]
    made = live(alice).endpoint(canary.origin + "/hook")
    live(alice).post(f"{ENDPOINTS}/{made['id']}/test")
    sweep_once()
    assert Delivery.objects.get().state == "delivered" and len(canary.requests) == 1
