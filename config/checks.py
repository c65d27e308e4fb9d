"""What `manage.py check --deploy` warns of, beside Django's own checks."""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from config import sentry
from integrations.doors.addresses import is_public
from integrations.iacrea.accounts import count_at_the_default
from projects import legal

CACHES = "django.core.cache.backends"
# Names of machines that iacrea cannot find.
INSIDE = (".local", ".localhost", ".internal", ".lan", ".home", ".test")


@register(Tags.security, deploy=True)
def outbound_is_closed(**_: Any) -> list[CheckMessage]:
    """Somebody's webhook must not reach the machines behind us."""
    if not settings.OUTBOUND_ALLOW:
        return []
    allowed = ", ".join(settings.OUTBOUND_ALLOW)
    return [
        Warning(
            f"OUTBOUND_ALLOW lets any tenant's URL reach {allowed}, public or not.",
            hint="Unset it, unless each of them may be called by everybody who has an account.",
            id="parterre.W001",
        )
    ]


@register(Tags.caches, deploy=True)
def cache_is_shared(**_: Any) -> list[CheckMessage]:
    """The limits of sign-in are counted in the cache."""
    backend = settings.CACHES["default"]["BACKEND"]
    if backend in (f"{CACHES}.locmem.LocMemCache", f"{CACHES}.dummy.DummyCache"):
        text = "CACHE_URL names a cache that processes do not share: limits count for each alone."
        hint = "Set it to redis://host:6379/0, or unset it for a table of the database."
        return [Warning(text, hint=hint, id="parterre.W002")]
    on_one_host = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if backend == "config.cache.JsonTable" and not on_one_host:
        text = "CACHE_URL is not set: each look at a limit is a query of the database."
        return [Info(text, hint="Set it to redis://host:6379/0.", id="parterre.I001")]
    return []


@register(Tags.database, deploy=True)
def live_jobs_reach_iacrea(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Asks the database, and so only where `--database default` says that it may."""
    if not databases or settings.IACREA_BASE_URL not in (None, settings.EMULATOR_URL):
        return []
    if not (lost := count_at_the_default()):
        return []
    there = settings.EMULATOR_URL or "nowhere"
    text = f"IACREA_BASE_URL is not set, and {lost} live accounts would send to {there}."
    hint = "Set it to iacrea's address, as your agencies' contract names it."
    return [Error(text, hint=hint, id="parterre.E001")]


@register(Tags.urls, deploy=True)
def iacrea_can_call_back(**_: Any) -> list[CheckMessage]:
    """It fetches photos and zones from us, and says when a job has ended."""
    real = settings.IACREA_BASE_URL not in (None, settings.EMULATOR_URL)
    if not real or _is_public_https(settings.PUBLIC_BASE_URL or ""):
        return []
    text = f"PUBLIC_BASE_URL is {settings.PUBLIC_BASE_URL}, where iacrea cannot reach us."
    hint = "Set it to the https address that everybody reaches this installation at."
    return [Error(text, hint=hint, id="parterre.E002")]


def _is_public_https(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" and is_public(str(ipaddress.ip_address(host)))
    except ValueError:  # a name
        return parts.scheme == "https" and "." in host and not host.endswith(INSIDE)


@register(Tags.compatibility, deploy=True)
def legal_pages_are_written(**_: Any) -> list[CheckMessage]:
    """The built-in ones say what the software knows, and that the operator has not written any."""
    names = ("OPERATOR_NAME", "OPERATOR_ADDRESS", "OPERATOR_EMAIL")
    empty = [name for name in names if not getattr(settings, name)]
    found = [_info(f"{', '.join(empty)}: not set, and the legal pages say so.", "I002")]
    missing = ", ".join(f"{page}.fr.txt" for page in legal.PAGES if not legal.own_text(page, "fr"))
    told = f"The operator's own texts of some legal pages are missing: {missing}."
    found.append(_info(told, "I003"))
    return [info for info, is_wanted in zip(found, (empty, missing), strict=True) if is_wanted]


@register(Tags.compatibility, deploy=True)
def sentry_is_installed(**_: Any) -> list[CheckMessage]:
    """The product runs without it, and tells nobody."""
    if not settings.SENTRY_DSN or sentry.is_installed():
        return []
    text = "SENTRY_DSN is set, and sentry-sdk is not installed: nothing is told to it."
    hint = "python3 deploy/bootstrap.py base engine sentry"
    return [Error(text, hint=hint, id="parterre.E008")]


def _info(text: str, number: str) -> CheckMessage:
    return Info(text, hint="docs/legal-pages.md", id=f"parterre.{number}")
