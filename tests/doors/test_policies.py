"""Where the door lets a call go. Nothing is dialled here: the addresses dialled are recorded."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from integrations.doors import http
from integrations.doors.addresses import is_public
from tests.doors.conftest import Resolver, failure

# A public address, and nobody's: only the recorder sees it.
PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def nothing_allowed(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []


ADDRESSES = [
    "127.0.0.1", "127.1", "127.255.255.254", "2130706433", "017700000001", "0177.0.0.1", "0x7f.1",
    "0x7f000001", "0", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "169.254.169.254", "2852039166", "0xa9.0xfe.0xa9.0xfe",
    "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[fe80::1]",
 "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[feff::1]", "[ff02::1]",
    "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:a00:1::1]",  # 6to4
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]",  # NAT64
    "[64:ff9b:1::10.0.0.1]",  # NAT64, local use
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:0:7f00:1::80ff:fffe]",  # Teredo
    # Names.
    "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "inside.invalid", "INSIDE.invalid.",
    "xn--caf-dma.invalid", "caf\u00e9.invalid", "six.invalid",
]  # fmt: skip


def know_names(resolver: Resolver) -> None:
    for name in ("localhost", "localhost.", "127.0.0.1."):
        resolver.knows(name, ["127.0.0.1"])
    for name in ("inside.invalid", "inside.invalid.", "xn--caf-dma.invalid"):
        resolver.knows(name, ["10.1.2.3"])
    resolver.knows("six.invalid", ["::ffff:10.1.2.3"])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ADDRESSES)
def test_no_tenant_reaches_the_inside(
    host: str, scheme: str, resolver: Resolver, dialled: list[str]
) -> None:
    know_names(resolver)
    error = failure(f"{scheme}://{host}/photo.jpg")
    assert (error.code, error.sent, dialled) == ("address_refused", False, [])


URLS = [
    "http://public.invalid:22/", "http://public.invalid:25/", "http://public.invalid:6379/",
    "http://public.invalid:8080/", "http://public.invalid:65536/",
    "http://public.invalid:-80/", "http://public.invalid:8o/", "http://127.0.0.1:6379/",
    "http://user@public.invalid/", "http://user:word@public.invalid/", "http://:@public.invalid/",
    "http://public.invalid@127.0.0.1/", "http://127.0.0.1#@public.invalid:22/",
    "http://public.invalid:80@127.0.0.1/", "http://a@b@public.invalid/",
    "file:///etc/passwd", "file://localhost/etc/passwd", "gopher://public.invalid:80/_x",
    "ftp://public.invalid/x", "dict://public.invalid:80/", "ldap://public.invalid/",
    "data:image/png;base64,AA", "javascript:alert(1)", "jar:http://public.invalid!/",
    "unix:///var/run/docker.sock", "http+unix://%2fvar%2frun", "httpx://public.invalid/",
    "//public.invalid/", "/photo.jpg", "photo.jpg", "", "http://", "http:///photo.jpg",
    "http:public.invalid", "http://[::1", "http://::1/", "http://.public.invalid/",
    "http://*.public.invalid/", "\u0441ttp://public.invalid/",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_no_other_scheme_port_or_user(url: str, resolver: Resolver, dialled: list[str]) -> None:
    resolver.knows("public.invalid", [PUBLIC])
    error = failure(url)
    if url.startswith("http://127.0.0.1#"):
        assert error.code == "address_refused"
    else:
        assert error.code == "url_refused"
    assert (error.sent, dialled) == (False, [])


ODD = [
    "http://[fe80::1%25lo]/", "http://[::1%25lo]/", "https://public.invalid:0/",
    # Digits and letters that only look foreign.
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/", "http://127\u3002\uff10\u30020\u30021/",
    "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/", "http://\uff4c\uff4fcal\uff48ost/",
    "http://public.invalid\\@127.0.0.1/", "http://127.0.0.1\\@public.invalid/",
    "http://127.0.0.1 .invalid/", "http://127.0.0.1\t/", "http://127.0.0.1%00.invalid/",
    "http://127.0.0.1%2f@public.invalid/", "http://public.invalid%0d%0aHost:x/",
    "http://a..b.invalid/", "http://" + "a" * 64 + ".invalid/", "http://\udc80.invalid/",
    "http://%31%32%37.0.0.1/", "http://127.0.0.1;.public.invalid/", "http://127.0.0.1&@x.invalid/",
]  # fmt: skip


@pytest.mark.parametrize("url", ODD)
def test_what_readers_of_urls_disagree_about(
    url: str, resolver: Resolver, dialled: list[str]
) -> None:
    """Whichever way it is read: refused, and nothing dialled but what was judged."""
    resolver.knows("public.invalid", [PUBLIC])
    error = failure(url)
    assert error.code in ("address_refused", "connection_refused", "dns_failed", "url_refused")
    assert not error.sent
    assert all(is_public(address) for address in dialled)


@pytest.mark.parametrize("port", ["", ":80", ":443", ":8443"])
def test_the_public_internet_is_open(port: str, resolver: Resolver, dialled: list[str]) -> None:
    resolver.knows("public.invalid", [PUBLIC])
    assert failure(f"HTTP://PUBLIC.invalid{port}/").code == "connection_refused"
    assert dialled == [PUBLIC]


@pytest.mark.parametrize(
    "host", ["[2606:2800:21f::1]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]", "[2002:808:808::1]"]
)
def test_public_addresses_in_other_clothes(host: str, dialled: list[str]) -> None:
    assert failure(f"http://{host}/").code == "connection_refused"
    assert len(dialled) == 1


# --- A name that changes its mind --------------------------------------------------------------


def test_a_rebinding_name_is_asked_once(resolver: Resolver, dialled: list[str]) -> None:
    resolver.knows("rebind.invalid", [PUBLIC], ["127.0.0.1"])
    assert failure("http://rebind.invalid/").code == "connection_refused"
    assert (dialled, resolver.asked) == ([PUBLIC], ["rebind.invalid"])
    assert failure("http://rebind.invalid/").code == "address_refused"
    assert dialled == [PUBLIC]


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [([PUBLIC, "127.0.0.1"], [PUBLIC]), (["127.0.0.1", PUBLIC], []), ([PUBLIC, "::1"], [PUBLIC])],
)
def test_every_address_is_judged(
    addresses: list[str], expected: list[str], resolver: Resolver, dialled: list[str]
) -> None:
    resolver.knows("both.invalid", addresses)
    error = failure("http://both.invalid/")
    assert (error.code, error.sent, dialled) == ("address_refused", False, expected)


# --- What the operator allows ------------------------------------------------------------------

ALLOWED = [
    ("http://127.0.0.1:*", "http://127.0.0.1:6000/x", True),
    ("http://127.0.0.1:*", "http://127.0.0.1/", True),
    ("http://127.0.0.1:*", "https://127.0.0.1:6000/", False),
    ("http://127.0.0.1:*", "http://127.0.0.2:6000/", False),
    ("http://[::1]:*", "http://[::1]:6000/", True),
    ("http://inside.invalid", "http://INSIDE.invalid:80/", True),
    ("https://inside.invalid:443", "https://inside.invalid/", True),
    ("http://inside.invalid", "http://inside.invalid:8080/", False),
    ("http://inside.invalid", "https://inside.invalid/", False),
    ("http://inside.invalid", "http://user@inside.invalid/", False),
    ("http://inside.invalid", "http://inside.invalid.evil.invalid/", False),
    ("http://inside.invalid/api/v2", "http://inside.invalid/else", True),
]


@pytest.mark.parametrize(("allowed", "url", "passes"), ALLOWED)
def test_outbound_allow(
    allowed: str, url: str, passes: bool, settings: Any, resolver: Resolver, dialled: list[str]
) -> None:
    resolver.knows("inside.invalid", ["10.1.2.3"])
    settings.OUTBOUND_ALLOW = [allowed]
    assert (failure(url).code == "connection_refused") is passes
    assert bool(dialled) is passes
    dialled.clear()
    settings.OUTBOUND_ALLOW = []
    policy = http.public_policy(None, allowed)
    assert (failure(url, policy=policy).code == "connection_refused") is passes


@pytest.mark.parametrize("word", ["127.0.0.1", "ftp://x.invalid", "http://", "http://u@x.invalid"])
def test_a_malformed_origin_is_told(word: str, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = [word]
    with pytest.raises(ImproperlyConfigured, match="expected an origin"):
        http.public_policy()


OPERATORS = [
    ("http://127.0.0.1:8001/generate", "connection_refused"),
    ("https://api.invalid/v2", "connection_refused"),
    ("http://testserver/healthz", "connection_refused"),
    ("https://account.invalid:9443/", "connection_refused"),
    ("http://127.0.0.1:8002/", "url_refused"),
    ("http://api.invalid/", "url_refused"),
    ("https://api.invalid:8443/", "url_refused"),
    (f"https://{PUBLIC}/", "url_refused"),
]


@pytest.mark.parametrize(("url", "code"), OPERATORS)
def test_the_operators_origins_and_no_other(
    url: str, code: str, settings: Any, resolver: Resolver, dialled: list[str]
) -> None:
    for name in ("api.invalid", "testserver", "account.invalid"):
        resolver.knows(name, ["10.9.9.9"])
    settings.EMULATOR_URL = "http://127.0.0.1:8001"
    settings.IACREA_BASE_URL = "https://api.invalid"
    settings.PUBLIC_BASE_URL = "http://testserver"
    settings.OUTBOUND_ALLOW = ["http://127.0.0.1:*"]
    policy = http.operator_policy("https://account.invalid:9443/base", None)
    assert failure(url, policy=policy).code == code
    assert len(dialled) == (code == "connection_refused")
