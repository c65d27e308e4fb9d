"""What `manage.py check --deploy` warns of, beside Django's own checks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register

from projects import legal

CACHES = "django.core.cache.backends"


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
    if backend == f"{CACHES}.db.DatabaseCache" and not on_one_host:
        text = "CACHE_URL is not set: each look at a limit is a query of the database."
        return [Info(text, hint="Set it to redis://host:6379/0.", id="parterre.I001")]
    return []


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


def _info(text: str, number: str) -> CheckMessage:
    return Info(text, hint="docs/legal-pages.md", id=f"parterre.{number}")
