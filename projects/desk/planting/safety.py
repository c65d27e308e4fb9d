"""Where complaints may be planted: where no account can spend a real photo."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from integrations.iacrea.models import IacreaAccount

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NotHere(Exception):
    """Why nothing, or nothing more, was planted."""


def check_harmless() -> None:
    """Raises NotHere."""
    if not settings.EMULATOR_URL:
        raise NotHere("EMULATOR_URL is not set: this is no demo. Nothing was planted.")
    for origin in _live_origins():
        if not _is_harmless(origin):
            raise NotHere(
                f"An account sends live jobs to {origin}, which is not the emulator. "
                "Nothing was planted."
            )


def _live_origins() -> Iterator[str]:
    """Without the accounts' keys: one that cannot be opened does not keep this from looking."""
    yield settings.IACREA_BASE_URL or ""
    live = IacreaAccount.objects.filter(built_in=False, retired_at=None).exclude(base_url="")
    yield from live.order_by().values_list("base_url", flat=True).distinct()


def _is_harmless(origin: str) -> bool:
    here = origin.rstrip("/") in ("", settings.EMULATOR_URL)
    return here or urlsplit(origin).hostname in LOOPBACK
