"""Where an outgoing call may go: anywhere public, or only to the operator's own addresses."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from integrations.doors.addresses import is_public
from integrations.doors.failures import DoorError

DEFAULT_PORTS = {"http": 80, "https": 443}
PUBLIC_PORTS = frozenset({80, 443, 8443})


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of a URL. Port None, in a policy, is any port."""

    scheme: str
    host: str
    port: int | None


@dataclass(frozen=True)
class Policy:
    """Judges a call twice: its origin before anything happens, its address before the connect."""

    allowed: frozenset[Origin]
    public: bool
    # Path of the certificates to trust instead of certifi's.
    ca_bundle: str | None = None

    def judge_origin(self, origin: Origin) -> None:
        """Raise DoorError `url_refused` if this origin is not to be called."""
        if not self.allows(origin) and not (self.public and origin.port in PUBLIC_PORTS):
            raise DoorError("url_refused", f"{origin.scheme}://{origin.host}:{origin.port}")

    def judge_address(self, origin: Origin, address: str) -> None:
        """Raise DoorError `address_refused` if `origin` must not be found at this address."""
        if not self.allows(origin) and not is_public(address):
            raise DoorError("address_refused", f"{origin.host} is {address}")

    def allows(self, origin: Origin) -> bool:
        """Whether the operator has named it."""
        any_port = Origin(origin.scheme, origin.host, None)
        return origin in self.allowed or any_port in self.allowed


def public_policy(*extra_origins: str | None) -> Policy:
    """For every URL that came from a tenant or in an upstream's answer.

    http(s) on ports 80, 443 and 8443 of public addresses; beyond that `settings.OUTBOUND_ALLOW`
    and the extra origins, at any address.
    """
    return Policy(_origins(*settings.OUTBOUND_ALLOW, *extra_origins), public=True)


def operator_policy(*extra_origins: str | None) -> Policy:
    """For what the operator has set up: exactly these origins, at any address."""
    own = (settings.IACREA_BASE_URL, settings.EMULATOR_URL, settings.PUBLIC_BASE_URL)
    return Policy(_origins(*own, *extra_origins), public=False)


def origin_of(url: str) -> Origin:
    """The origin of an http(s) URL without user info; DoorError `url_refused` for any other."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise DoorError("url_refused", "malformed") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.host or parts.auth is not None:
        raise DoorError("url_refused", "not an http(s) URL without user info")
    if "%" in parts.host:
        # An interface of ours (fe80::1%25eth0), or bytes that the next reader may decode.
        raise DoorError("url_refused", "a host with %")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    return Origin(parts.scheme, parts.host.lower().strip("[]"), port)


@lru_cache(maxsize=1000)  # each call has a policy, most of them the same one
def _origins(*urls: str | None) -> frozenset[Origin]:
    return frozenset(_allowed_origin(url) for url in urls if url)


def _allowed_origin(url: str) -> Origin:
    try:
        origin = origin_of(url.removesuffix(":*"))
    except DoorError:
        raise ImproperlyConfigured(
            f"{url!r}: expected an origin such as https://example.org or http://127.0.0.1:*."
        ) from None
    return Origin(origin.scheme, origin.host, None) if url.endswith(":*") else origin
